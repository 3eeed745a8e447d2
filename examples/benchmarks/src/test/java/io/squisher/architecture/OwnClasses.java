package io.squisher.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Leaves out the libraries that stand under names of ours ({@code protos/relocated}): their habits are not ours. */
public final class OwnClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
        return !location.contains("/io/squisher/internal/");
    }
}
