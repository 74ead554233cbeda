package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.chameleon.config.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files of a checkpoint hold its weights: {@code model.safetensors} where there is one, else
 * the shards that {@code model.safetensors.index.json} names, the order of {@code transformers}.
 */
final class WeightFiles {
  static final String WHOLE = "model.safetensors";
  private static final String ADAPTER = "adapter_config.json";

  static final String INDEX = "model.safetensors.index.json";

  /** How weights of other formats become safetensors. */
  static final String CONVERT =
      "Convert it with transformers.AutoModelForCausalLM.from_pretrained(FOLDER)"
          + ".save_pretrained(FOLDER, safe_serialization=True).";

  private static final Logger LOG = LoggerFactory.getLogger(WeightFiles.class);

  private WeightFiles() {}

  /**
   * Returns the names of the files, in order.
   *
   * @throws org.chameleon.config.InvalidInputException if there are none; the message says how to
   *     make them from what is there
   */
  static List<String> in(CheckpointFolder folder) throws IOException {
    boolean indexed = folder.has(INDEX);
    if (folder.has(ADAPTER)) {
      LOG.warn(
          "checkpoint {}: {} lies beside its weights; an adapter is not applied. Merge it into them (in peft: merge_and_unload) if it is meant",
          Secrets.hidden(folder.toString()),
          ADAPTER);
    }
    if (folder.has(WHOLE)) {
      if (indexed && !shards(folder.names()).isEmpty()) {
        LOG.warn(
            "checkpoint {}: {} is read; {} and its shards ({}) lie beside it and are not",
            Secrets.hidden(folder.toString()),
            WHOLE,
            INDEX,
            CheckpointFolder.listed(shards(folder.names())));
      } else if (indexed) {
        LOG.warn(
            "checkpoint {}: {} is read; {} lies beside it and is not",
            Secrets.hidden(folder.toString()),
            WHOLE,
            INDEX);
      }
      return List.of(WHOLE);
    }
    if (indexed) {
      return indexed(folder);
    }
    throw none(folder);
  }

  private static List<String> indexed(CheckpointFolder folder) throws IOException {
    JsonNode map = folder.json(INDEX).path("weight_map");
    NavigableSet<String> files = new TreeSet<>();
    for (JsonNode file : map) {
      if (!map.isObject() || !file.isTextual() || !file.asText().matches("[^/\\\\]+")) {
        throw folder.refused(
            "weight_map in %s names a file by %s. Copy it again.".formatted(INDEX, file));
      }
      files.add(file.asText());
    }
    if (files.isEmpty()) {
      throw folder.refused(
          INDEX + " has no weight_map, which says where each tensor is. Copy it again.");
    }
    for (String file : files) {
      if (!folder.has(file)) {
        throw folder.refused(
            "it has no %s, which %s names. Copy all files of the checkpoint."
                .formatted(file, INDEX));
      }
    }
    return new ArrayList<>(files);
  }

  private static RuntimeException none(CheckpointFolder folder) throws IOException {
    List<String> names = folder.names();
    List<String> shards = shards(names);
    List<String> pickles =
        names.stream()
            .filter(name -> name.matches(".*\\.(bin|pt|pth|ckpt|h5|msgpack|gguf)"))
            .filter(name -> !name.matches("(training_args|optimizer|scheduler|rng_state).*"))
            .toList();
    if (names.contains("adapter_model.safetensors") || names.contains("adapter_model.bin")) {
      return folder.refused(
          "it is an adapter without its model's weights. Merge the two with"
              + " peft.PeftModel.merge_and_unload() and save the result.");
    }
    if (shards.size() == 1) {
      return folder.refused(
          "it has %s, but no %s. Rename the file to that.".formatted(shards.get(0), WHOLE));
    }
    if (!shards.isEmpty()) {
      return folder.refused(
          "it has %s, but no %s that says which tensor is where. Copy all files of the checkpoint."
              .formatted(CheckpointFolder.listed(shards), INDEX));
    }
    if (!pickles.isEmpty()) {
      return folder.refused(
          "it has no %s; its weights are in %s, a format that is not read. %s"
              .formatted(WHOLE, CheckpointFolder.listed(pickles), CONVERT));
    }
    return folder.refused("it has no " + WHOLE + ". Copy all files of the checkpoint.");
  }

  private static List<String> shards(List<String> names) {
    return names.stream()
        .filter(name -> name.endsWith(".safetensors") && !name.equals(WHOLE))
        .toList();
  }
}
