package io.squisher.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/**
 * Leaves out the libraries that stand under names of ours ({@code protos/relocated}), whose habits are not ours, and the
 * templates, which are written as our users' programs.
 */
public final class OwnClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
        return !location.contains("/io/squisher/internal/") && !location.contains("/io/squisher/templates/");
    }
}
