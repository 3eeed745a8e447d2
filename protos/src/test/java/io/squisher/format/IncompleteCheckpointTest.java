package io.squisher.format;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of checkpoints: each is told what it is and which part is meant. */
class IncompleteCheckpointTest {
    private static final Path FILES = Path.of("src/test/resources/pytorch/field");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deepspeed/global_step5/mp_rank_00_model_states.pt | the model states of DeepSpeed; the optimizer's are in"
                        + " *_optim_states.pt beside it: give the folder",
                "deepspeed/zero_pp_rank_0_mp_rank_00_optim_states.pt | one rank's part of a ZeRO checkpoint of DeepSpeed; give the folder",
                "deepspeed/global_step5 | a folder of DeepSpeed without *_optim_states.pt",
                "trainer | a folder of Hugging Face's Trainer without optimizer.pt: it was saved with save_only_model",
                "trainer/scheduler.pt | the state of a learning rate scheduler; the optimizer's is in another file (optimizer.pt"
            })
    void isNamed(String path, String words) {
        Exception e = assertThrows(SquisherException.class, () -> {
            try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(path))) {
                checkpoint.optimizer();
            }
        });
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }
}
