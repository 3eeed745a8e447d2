/** Manual pages: {@code man}. They are made of what the commands declare, as the help is. Start at {@code ManCommand}. */
package io.squisher.apps.cli.command.manual;
