package org.chameleon.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.chameleon.storage.FileRecord;

/**
 * Which proxy a run has, as far as its record and the checkpoint's {@code config.json} tell.
 *
 * @param type {@code model_type} of {@code config.json}, null if that is not there or does not say
 * @param bytes of all files of the checkpoint
 * @param sha256 of the names and hashes of those files: equal for equal checkpoints, whether they
 *     were trained or given
 */
public record ProxyIdentity(String type, long bytes, String sha256) {
  private static final String CONFIG = "/config.json";

  /** Returns that of a run; nothing if its embeddings were made elsewhere. */
  static Optional<ProxyIdentity> of(RunDirectory run) {
    RunRecord record = run.record("compare");
    StageRecord train = record.stage(Stage.TRAIN);
    if (!record.needs(Stage.TRAIN) || train == null || !train.status().isCurrent()) {
      return Optional.empty();
    }
    List<FileRecord> files =
        train.files().stream()
            .filter(file -> !file.path().equals(Artifact.TRAINING_LOG.path()))
            .toList();
    String hashes =
        files.stream()
            .map(file -> file.path() + " " + file.sha256())
            .sorted()
            .collect(Collectors.joining("\n"));
    return Optional.of(
        new ProxyIdentity(
            type(run, files),
            files.stream().mapToLong(FileRecord::bytes).sum(),
            DigestUtils.sha256Hex(hashes)));
  }

  /** A sentence encoder's model may lie in a folder of its own, beside other parts. */
  private static String type(RunDirectory run, List<FileRecord> files) {
    return files.stream()
        .map(FileRecord::path)
        .filter(path -> path.endsWith(CONFIG))
        .map(path -> run.json(Stage.TRAIN, path).map(json -> json.path("model_type").textValue()))
        .flatMap(Optional::stream)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
