package io.squisher.apps.cli.command.report;

import io.squisher.fisher.FisherScale;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a page is asked for.
 *
 * @param fishers at least one
 * @param top the share of coordinates for the overlap of the largest
 */
record ReportRequest(
        List<Path> fishers,
        Optional<Path> against,
        Optional<Path> model,
        Optional<Path> weights,
        Optional<Path> mask,
        FisherScale scale,
        double top,
        boolean allowOtherModel) {}
