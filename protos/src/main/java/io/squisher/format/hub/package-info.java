/**
 * What stands beside the weights in a folder of Hugging Face: a configuration ({@code config.json}) and the files of a tokenizer. They
 * are small, and all of them are text in UTF-8 but the tokenizers of SentencePiece. Of a {@code tokenizer.json} the numbers of the tokens are
 * read, no rule by which texts are cut. A file of more than 256 MiB is refused.
 */
package io.squisher.format.hub;
