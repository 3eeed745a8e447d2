package io.squisher.fuzz;

import io.squisher.fisher.FisherFile;
import io.squisher.format.hub.HubFolder;
import io.squisher.format.hub.HubVocabulary;
import io.squisher.format.hub.TokenizerFacts;
import io.squisher.format.tensorflow.bundle.SealedBundle;
import io.squisher.format.zip.ZipArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The readers that are fuzzed. Inputs are what the reader parses itself: no checksum or outer container keeps mutants out. */
enum FuzzedReader {
    SAFETENSORS("mlp.safetensors", List.of("multilabel_bernoulli/fisher_joint.safetensors")),
    ONNX("m.onnx", List.of("multilabel_bernoulli/model.onnx", "shared_weight/model.onnx")),
    TORCH_ZIP(
            "m.pt",
            List.of("pytorch/views.pt", "pytorch/types.pt", "pytorch/rmsprop.pt", "pytorch/field/baselines.zip")),
    TORCH_LEGACY("m.pt", List.of("pytorch/views_legacy.pt", "pytorch/legacy.pt", "pytorch/whole_legacy.pt")),
    HDF5("m.h5", List.of("keras/adam.weights.h5", "keras/legacy.h5", "keras3/bfloat16.h5")),
    NPZ("m.npz", List.of("numpy/arrays.npz")),
    MSGPACK(
            "m.msgpack",
            List.of(
                    "flax/chunks.msgpack",
                    "flax/parts.msgpack",
                    "flax/params.msgpack",
                    "flax/hyperparameters.msgpack")),

    /** The index beside its shard. */
    SAFETENSORS_INDEX("m.safetensors.index.json", List.of()) {
        @Override
        Map<String, byte[]> seeds() throws IOException {
            return Map.of("two", "{\"weight_map\":{\"w\":\"a.safetensors\",\"b\":\"a.safetensors\"}}".getBytes(UTF8));
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
            byte[] shard = new byte[8 + header.length() + 4];
            shard[0] = (byte) header.length();
            System.arraycopy(header.getBytes(UTF8), 0, shard, 8, header.length());
            Files.write(folder.resolve("a.safetensors"), shard);
            return super.place(data, folder);
        }
    },

    /** The pickle of an archive, whose other members stay. */
    TORCH_PICKLE("m.pt", List.of()) {
        @Override
        Map<String, byte[]> seeds() throws IOException {
            Map<String, byte[]> seeds = new LinkedHashMap<>();
            for (String name : List.of("adam", "trainer", "tied", "types", "fsdp", "bfloat16", "whole", "unread")) {
                seeds.put(name, member(RESOURCES.resolve("pytorch/" + name + ".pt"), "/data.pkl"));
            }
            for (String name : List.of("bnb8_blocks", "adafactor_torch", "adafactor_hf", "bnb32")) {
                seeds.put(name, member(RESOURCES.resolve("pytorch/field/" + name + ".pt"), "/data.pkl"));
            }
            return seeds;
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            return Files.write(folder.resolve("m.pt"), torchArchive(data));
        }
    },

    /** The settings of a model, whose weights stay. */
    KERAS_SETTINGS("m.keras", List.of()) {
        @Override
        Map<String, byte[]> seeds() throws IOException {
            return Map.of("adam", Files.readAllBytes(RESOURCES.resolve("keras/adam.config.json")));
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            Map<String, byte[]> members = new LinkedHashMap<>();
            members.put("config.json", data);
            members.put("model.weights.h5", Files.readAllBytes(RESOURCES.resolve("keras/adam.weights.h5")));
            return Files.write(folder.resolve("m.keras"), zip(members));
        }
    },

    /** The index's bytes. */
    TENSORFLOW_INDEX("m.ckpt.index", List.of()) {
        @Override
        Map<String, byte[]> seeds() {
            return Map.of("adam", SealedBundle.index(SealedBundle.adam()));
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            SealedBundle.writeData(folder.resolve("m.ckpt"));
            return super.place(data, folder);
        }
    },

    /** The entries of an index, put into a table with right checksums. */
    TENSORFLOW_ENTRIES("m.ckpt.index", List.of()) {
        @Override
        Map<String, byte[]> seeds() {
            return Map.of(
                    "adam", SealedBundle.flat(SealedBundle.adam()),
                    "partitioned", SealedBundle.flat(SealedBundle.partitioned()));
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            SealedBundle.writeData(folder.resolve("m.ckpt"));
            return super.place(SealedBundle.sealed(data), folder);
        }
    },

    /** The graph of objects of a checkpoint that is otherwise sound. */
    TENSORFLOW_OBJECTS("m.ckpt.index", List.of()) {
        @Override
        Map<String, byte[]> seeds() {
            return Map.of("keras", SealedBundle.objectGraph());
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            SealedBundle.writeWithObjects(folder.resolve("m.ckpt"), data);
            return folder.resolve("m.ckpt.index");
        }
    },

    /** The pickle of one file of a folder; the first byte says of which. */
    DEEPSPEED("", List.of()) {
        private final List<String> files = List.of(
                "zero2/global_step3/mp_rank_00_model_states.pt",
                "zero2/global_step3/zero_pp_rank_1_mp_rank_00_optim_states.pt",
                "zero3/global_step3/zero_pp_rank_0_mp_rank_00_model_states.pt",
                "zero3/global_step3/zero_pp_rank_1_mp_rank_00_optim_states.pt",
                "universal/zero/head.bias/exp_avg_sq.pt",
                "universal/zero/optimizer_state.pt");

        @Override
        Map<String, byte[]> seeds() throws IOException {
            return folderSeeds(files);
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            return placeInFolder(files, data, folder);
        }
    },

    /** The list of what is where of a distributed checkpoint, whose shards stay. */
    DISTRIBUTED("", List.of()) {
        @Override
        Map<String, byte[]> seeds() throws IOException {
            Map<String, byte[]> seeds = new LinkedHashMap<>();
            for (String name : List.of("fsdp", "titan", "megatron")) {
                seeds.put(name, Files.readAllBytes(RESOURCES.resolve("pytorch/distributed/" + name + "/.metadata")));
            }
            return seeds;
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            for (String shard : List.of("__0_0.distcp", "__1_0.distcp")) {
                if (!Files.exists(folder.resolve(shard))) {
                    Files.copy(RESOURCES.resolve("pytorch/distributed/fsdp/" + shard), folder.resolve(shard));
                }
            }
            Files.write(folder.resolve(".metadata"), data);
            return folder;
        }
    },

    /** A tokenizer or a list of words; the first byte says in which file. */
    TOKENIZER("", List.of()) {
        private final List<String> files = List.of("tokenizer.json", "vocab.json", "vocab.txt");

        @Override
        Map<String, byte[]> seeds() throws IOException {
            byte[] numbered =
                    ("{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"[PAD]\":0,\"a\":1}},\"added_tokens\":[{\"id\":2,"
                                    + "\"content\":\"<new>\"}],\"padding\":{\"pad_id\":0},\"truncation\":{\"max_length\":8}}")
                            .getBytes(UTF8);
            byte[] scored = "{\"model\":{\"vocab\":[[\"<pad>\",0.0],[\"a\",-1.5]]},\"truncation\":null}".getBytes(UTF8);
            byte[] whole = Files.readAllBytes(FIXTURES.resolve("tiny_bert/tokenizer.json"));
            return Map.of(
                    "numbered", behind(0, numbered),
                    "scored", behind(0, scored),
                    "whole", behind(0, whole),
                    "object", behind(1, "{\"a\":0,\"b\":1}".getBytes(UTF8)),
                    "lines", behind(2, "[PAD]\na\nb\n".getBytes(UTF8)));
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            if (data.length == 0 || (data[0] & 0xff) >= files.size()) {
                return null;
            }
            for (String file : files) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Path other = Files.createDirectories(folder.resolve("other"));
            Files.writeString(other.resolve(HubFolder.CONFIGURATION), "{}");
            Files.writeString(other.resolve("vocab.txt"), "[PAD]\nb\n");
            Files.writeString(folder.resolve(HubFolder.CONFIGURATION), "{}");
            return Files.write(folder.resolve(files.get(data[0])), Arrays.copyOfRange(data, 1, data.length));
        }

        @Override
        List<Consumer<Path>> readings() {
            return List.of(FuzzedReader::vocabulary, file -> {
                TokenizerFacts facts = TokenizerFacts.read(file);
                if (facts.tokens() < 1 || facts.pad() < 0 || facts.longest().orElse(1) < 1) {
                    throw new IllegalStateException(facts.toString());
                }
            });
        }
    },

    /** As DeepSpeed's. */
    TRAINER("", List.of()) {
        private final List<String> files = List.of("checkpoint-3/optimizer.pt", "checkpoint-3/pytorch_model.bin");

        @Override
        Map<String, byte[]> seeds() throws IOException {
            return folderSeeds(files);
        }

        @Override
        Path place(byte[] data, Path folder) throws IOException {
            return placeInFolder(files, data, folder);
        }
    };

    private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();
    private static final Path FIXTURES =
            Path.of("../onnx-tools/src/test/resources/fixtures").toAbsolutePath();
    private static final java.nio.charset.Charset UTF8 = StandardCharsets.UTF_8;

    private final String fileName;
    private final List<String> resources;

    FuzzedReader(String fileName, List<String> resources) {
        this.fileName = fileName;
        this.resources = resources;
    }

    /** Sound inputs to start from, by name. */
    Map<String, byte[]> seeds() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (String resource : resources) {
            Path own = RESOURCES.resolve(resource);
            Path file = Files.exists(own) ? own : FIXTURES.resolve(resource);
            seeds.put(resource.replace('/', '-'), Files.readAllBytes(file));
        }
        return seeds;
    }

    /** Writes what a reader opens for this input; null if the input stands for nothing. */
    Path place(byte[] data, Path folder) throws IOException {
        return Files.write(folder.resolve(fileName), data);
    }

    /** What is read of a file, each by itself. */
    List<Consumer<Path>> readings() {
        return List.of(FuzzedReading::weights, FuzzedReading::checkpoint, file -> FisherFile.open(file)
                .close());
    }

    /** The tokens of a file and those of another tell their differences from both sides, or from none. */
    private static void vocabulary(Path file) {
        HubVocabulary words = HubFolder.of(file).flatMap(HubFolder::vocabulary).orElseThrow();
        HubVocabulary others = HubFolder.of(file.resolveSibling("other"))
                .flatMap(HubFolder::vocabulary)
                .orElseThrow();
        if (words.difference(others).isPresent() != others.difference(words).isPresent()) {
            throw new IllegalStateException(words + " and " + others);
        }
    }

    private static byte[] behind(int first, byte[] content) {
        byte[] seed = new byte[content.length + 1];
        seed[0] = (byte) first;
        System.arraycopy(content, 0, seed, 1, content.length);
        return seed;
    }

    private static Map<String, byte[]> folderSeeds(List<String> files) throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            byte[] pickle = member(RESOURCES.resolve("pytorch/" + files.get(i)), "/data.pkl");
            seeds.put(Integer.toString(i), behind(i, pickle));
        }
        return seeds;
    }

    private static Path placeInFolder(List<String> files, byte[] data, Path folder) throws IOException {
        if (data.length == 0 || (data[0] & 0xff) >= files.size()) {
            return null;
        }
        String chosen = files.get(data[0]);
        String top = chosen.substring(0, chosen.indexOf('/'));
        Path target = folder.resolve(top);
        if (!Files.exists(target)) {
            copy(RESOURCES.resolve("pytorch/" + top), target);
        }
        for (String file : files) {
            if (file.startsWith(top + "/")) {
                Files.copy(
                        RESOURCES.resolve("pytorch/" + file),
                        folder.resolve(file),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
        byte[] pickle = Arrays.copyOfRange(data, 1, data.length);
        Files.write(folder.resolve(chosen), torchArchive(pickle));
        return target;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (java.util.stream.Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** An archive of PyTorch around a pickle, with storages 0 to 30 of a hundred bytes. */
    private static byte[] torchArchive(byte[] pickle) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("m/data.pkl", pickle);
        for (int i = 0; i < 31; i++) {
            members.put("m/data/" + i, new byte[128]);
        }
        return zip(members);
    }

    private static byte[] zip(Map<String, byte[]> members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                java.util.zip.CRC32 crc = new java.util.zip.CRC32();
                crc.update(member.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(member.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(member.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] member(Path archive, String ending) {
        try (ZipArchive zip = ZipArchive.open(archive)) {
            String name = zip.names().stream()
                    .filter(member -> member.endsWith(ending))
                    .findFirst()
                    .orElseThrow();
            return zip.bytes(name, 1 << 20);
        }
    }
}
