package io.squisher.examples.templates;

import io.squisher.SquisherException;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.TextTable;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher example}: runs a program that others copy, without copying it. */
public final class ExampleCommand implements Command {
    @Override
    public String name() {
        return "example";
    }

    @Override
    public String summary() {
        return "Run a program of examples/templates; list them without a name";
    }

    @Override
    public String arguments() {
        return "[NAME [ARGUMENT...]]";
    }

    @Override
    public List<String> argumentWords() {
        return Template.ALL.stream().map(Template::name).toList();
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public List<Example> examples() {
        return Template.ALL.stream()
                .map(template -> new Example(template.summary(), "example " + template.name() + " " + template.usage()))
                .toList();
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        List<String> words = line.getArgList();
        if (words.isEmpty()) {
            list(console);
            return ExitCode.DONE;
        }
        Values values = new Values(name(), line);
        Template template = named(words.get(0), values);
        List<String> arguments = words.subList(1, words.size());
        try {
            template.check(arguments);
        } catch (SquisherException e) {
            throw values.wrong(template.name() + " " + e.getMessage());
        }
        template.run(arguments);
        return ExitCode.DONE;
    }

    private static Template named(String word, Values values) {
        List<String> names = Template.ALL.stream().map(Template::name).toList();
        try {
            return Template.ALL.get(names.indexOf(Domain.oneOf(names).apply(word)));
        } catch (SquisherException e) {
            throw values.wrong("the name " + e.getMessage());
        }
    }

    private static void list(Console console) {
        TextTable table = new TextTable("program", "arguments", "what it shows");
        Template.ALL.forEach(template -> table.row(template.name(), template.usage(), template.summary()));
        table.lines().forEach(console::print);
        console.print("Their sources are in examples/templates of the project; docs/templates.md says what to copy.");
    }
}
