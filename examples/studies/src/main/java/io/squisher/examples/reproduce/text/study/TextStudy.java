package io.squisher.examples.reproduce.text.study;

import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.Work;
import java.util.List;

/**
 * What all settings have.
 *
 * @param tasks that there are
 */
public record TextStudy(List<TextTask> tasks, TextModels models) {
    /** The tasks of these names that there are, in this order. */
    List<TextTask> tasks(List<String> names) {
        return names.stream()
                .flatMap(name -> tasks.stream().filter(task -> task.name().equals(name)))
                .toList();
    }

    /** Two tasks at least: those of these names, or where too few of them are there, others. */
    List<TextTask> twoOrMore(List<String> names) {
        List<TextTask> named = tasks(names);
        List<TextTask> found = named.size() > 1 ? named : tasks;
        return found.subList(0, models.sizes().thin() ? Math.min(2, found.size()) : found.size());
    }

    /** So many of some, or one where it is only tried. */
    <T> List<T> first(int most, List<T> all) {
        return all.subList(0, Math.min(models.sizes().thin() ? 1 : most, all.size()));
    }

    /** All places of an axis, or one in the middle where it is only tried. */
    <T> List<T> places(List<T> all) {
        return models.sizes().thin() ? List.of(all.get(all.size() / 2)) : all;
    }

    /** What a seed draws of a task. */
    TaskSample sample(TextTask task, long seed) {
        return models.sample(task, seed);
    }

    /** Texts of a training over a task's drawn texts. */
    Work training(TextTask task, FineTuning training) {
        return Work.training((double) training.epochs() * trainingTexts(task));
    }

    /** Texts of a head's training. */
    Work head(TextTask task) {
        return Work.scoring(trainingTexts(task)).plus(Work.writing(2));
    }

    /** Texts of a Fisher. */
    Work fisher(TextTask task) {
        return Work.fisher(Math.min(models.sizes().fisher(), trainingTexts(task)));
    }

    /** Texts of one test. */
    Work test(TextTask task) {
        return Work.scoring(Math.min(models.sizes().drawn().test(), task.test().size()))
                .plus(Work.writing(1));
    }

    /** Texts of one validation. */
    Work validation(TextTask task) {
        return Work.scoring(Math.min(
                        models.sizes().drawn().validation(), task.validation().size()))
                .plus(Work.writing(1));
    }

    private int trainingTexts(TextTask task) {
        return Math.min(models.sizes().drawn().training(), task.training().size());
    }
}
