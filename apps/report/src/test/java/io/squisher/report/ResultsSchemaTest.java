package io.squisher.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers beside a page, by the schema that is published. */
class ResultsSchemaTest {
    private static JsonSchema schema;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream stream = Objects.requireNonNull(PageFile.class.getResourceAsStream("results.schema.json"))) {
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(stream);
        }
    }

    private static boolean isValid(String document) {
        return schema.validate(document, InputFormat.JSON).isEmpty();
    }

    @Test
    void everyPageHasItsNumbersInThisForm(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("report.html");
        JsonObject more = new JsonObject();
        more.add("settings", new JsonArray());
        PageFile.write(Gallery.report(), page, more);
        String results = Files.readString(folder.resolve("results.json"), StandardCharsets.UTF_8);
        assertEquals(java.util.Set.of(), schema.validate(results, InputFormat.JSON));
        JsonObject json = JsonParser.parseString(results).getAsJsonObject();
        JsonObject row =
                json.getAsJsonObject("tables").getAsJsonArray("layers").get(0).getAsJsonObject();
        assertEquals(Gallery.HOSTILE, row.get("layer").getAsString());
        assertEquals(1200, row.get("elements").getAsInt());
        assertTrue(json.has("settings"));
    }

    @Test
    void theSchemaRefusesWhatIsNotOfThisForm() {
        JsonObject sound = PageFile.results(Gallery.report(), new JsonObject());
        assertTrue(isValid(sound.toString()));
        for (String member : new String[] {"$schema", "command", "warnings", "tables"}) {
            JsonObject damaged = sound.deepCopy();
            damaged.remove(member);
            assertFalse(isValid(damaged.toString()), member);
        }
        JsonObject nested = sound.deepCopy();
        JsonObject row = new JsonObject();
        row.add("layer", new JsonObject());
        JsonArray rows = new JsonArray();
        rows.add(row);
        nested.getAsJsonObject("tables").add("layers", rows);
        assertFalse(isValid(nested.toString()), "records are flat");
    }
}
