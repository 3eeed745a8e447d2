package io.squisher.examples.reproduce.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.reproduce.ewc.Ewc;
import io.squisher.examples.reproduce.ewc.EwcTraining;
import io.squisher.examples.reproduce.running.Planned;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.Panel;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FullSettingsTest {
    @Test
    void consolidatesThePapersNetworks() {
        assertEquals(478_410, parameters("ewc-split"));
        assertEquals(2_126_100, parameters("ewc-permuted"));
    }

    private static long parameters(String setting) {
        Ewc ewc = (Ewc) FullSettings.all().stream()
                .map(Planned::setting)
                .filter(each -> each.name().equals(setting))
                .findFirst()
                .orElseThrow();
        Architecture architecture = ewc.variants().get(0.0).architecture();
        try (Classifier network = architecture.network(InitialValues.random(1))) {
            return network.variables().stream()
                    .mapToLong(variable -> variable.shape().size())
                    .sum();
        }
    }

    @Test
    void coversTheSixPanelsWithSeveralSeeds() {
        Set<Panel> panels = FullSettings.all().stream()
                .map(planned -> planned.setting().panel())
                .collect(Collectors.toSet());
        assertEquals(EnumSet.allOf(Panel.class), panels);
        for (Planned planned : FullSettings.all()) {
            assertTrue(planned.seeds() >= 5, planned.setting().name());
        }
    }

    @Test
    void searchesLambdaAsFarForEveryMethod() {
        for (Planned planned : FullSettings.all()) {
            if (planned.setting() instanceof Ewc ewc) {
                EwcTraining training = ewc.variants().get(0.0);
                EdgeSearch search = training.search();
                EdgeSearch uniform = training.uniformSearch();
                assertEquals(search.range().size(), uniform.range().size(), ewc.name());
                assertEquals(search.further(), uniform.further(), ewc.name());
                assertTrue(search.further() > 0, ewc.name());
            }
        }
    }
}
