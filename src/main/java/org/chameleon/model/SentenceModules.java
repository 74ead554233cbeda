package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.model.family.ModelConfig;
import org.chameleon.model.family.ModelWeight;
import org.chameleon.model.family.ModelWeight.Role;

/**
 * What a sentence-transformers directory says of how its model is read: {@code modules.json} and
 * what it names. Prompts are not looked at.
 *
 * @param folder of the model, relative to the directory, or ""
 * @param pooling how states become one embedding
 * @param dense layers that the embedding goes through
 * @param normalize whether it is divided by its norm
 * @param maxTokens most tokens of a text with its special tokens, 0 where it is not said
 * @param files all that say so, relative to the directory
 */
public record SentenceModules(
    String folder,
    Pooling pooling,
    List<Dense> dense,
    boolean normalize,
    int maxTokens,
    List<String> files)
    implements Serializable {
  static final String NAME = "modules.json";

  /** Where versions of the library have kept the longest text, in the order they are looked for. */
  private static final List<String> LENGTHS =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  private static final Map<String, Pooling> POOLINGS =
      Map.of(
          "pooling_mode_mean_tokens",
          Pooling.MEAN,
          "pooling_mode_cls_token",
          Pooling.CLS,
          "pooling_mode_lasttoken",
          Pooling.LAST_TOKEN);

  /** Copies the lists. */
  public SentenceModules {
    dense = List.copyOf(dense);
    files = List.copyOf(files);
  }

  /**
   * A dense layer.
   *
   * @param folder relative to the directory
   * @param in width of what it takes
   * @param out width of what it gives
   * @param bias whether it adds
   * @param tanh whether the result goes through the hyperbolic tangent
   */
  public record Dense(String folder, int in, int out, boolean bias, boolean tanh)
      implements Serializable {
    String file() {
      return folder + "/" + WeightFiles.WHOLE;
    }

    /** Returns its weights, as the layer with a number; they stay float32, as norms do. */
    List<ModelWeight> weights(int number) {
      String name = "dense." + number + ".linear.";
      List<ModelWeight> weights = new ArrayList<>();
      List<Long> sizes = List.of((long) out, (long) in);
      weights.add(new ModelWeight(name + "weight", "linear.weight", sizes, Role.NORM));
      if (bias) {
        weights.add(
            new ModelWeight(name + "bias", "linear.bias", List.of((long) out), Role.NORM_BIAS));
      }
      return weights;
    }
  }

  /**
   * Reads a directory's modules.
   *
   * @throws org.chameleon.config.InvalidInputException if one is of a kind that is not computed
   */
  static SentenceModules in(CheckpointFolder directory) throws IOException {
    List<String> files = new ArrayList<>(List.of(NAME));
    List<Dense> dense = new ArrayList<>();
    String folder = null;
    Pooling pooling = null;
    boolean normalize = false;
    for (JsonNode module : directory.list(NAME)) {
      String type = module.path("type").asText();
      String kind = type.substring(type.lastIndexOf('.') + 1);
      String path = path(directory, module);
      boolean inOrder = !normalize;
      switch (kind) {
        case "Transformer" -> {
          inOrder &= folder == null && pooling == null;
          folder = path;
        }
        case "Pooling" -> {
          inOrder &= folder != null && pooling == null;
          pooling = inOrder ? pooling(directory, path, files) : null;
        }
        case "Dense" -> {
          inOrder &= pooling != null;
          if (inOrder) {
            dense.add(dense(directory, path, files));
          }
        }
        case "Normalize" -> {
          inOrder &= pooling != null;
          normalize = true;
        }
        case "Dropout" -> {
          // Of training alone.
        }
        default -> inOrder = false;
      }
      if (!inOrder) {
        throw directory.refused(
            ("%s has a module of type '%s' where no program computes it: known are Transformer,"
                    + " Pooling, Dense and Normalize, in this order. Export the whole with"
                    + " torch.jit and give it as proxy.torchscript.")
                .formatted(NAME, type));
      }
    }
    if (pooling == null) {
      throw directory.refused(NAME + " names no Transformer with a Pooling. Copy it again.");
    }
    return new SentenceModules(
        folder, pooling, dense, normalize, maxTokens(directory, folder, files), files);
  }

  /** Paths stay in the directory. */
  private static String path(CheckpointFolder directory, JsonNode module) {
    String path = module.path("path").asText();
    if (!path.matches("[\\w.-]*") || path.matches("\\.+")) {
      throw directory.refused(
          "%s names a folder '%s', which is none of its own. Copy it again.".formatted(NAME, path));
    }
    return path;
  }

  private static Pooling pooling(CheckpointFolder directory, String path, List<String> files)
      throws IOException {
    String file = path + "/config.json";
    files.add(file);
    JsonNode config = directory.json(file);
    Map<String, Boolean> modes = new TreeMap<>();
    config
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getKey().startsWith("pooling_mode_") && field.getValue().asBoolean()) {
                modes.put(field.getKey(), true);
              }
            });
    if (modes.size() != 1 || !POOLINGS.keySet().containsAll(modes.keySet())) {
      throw directory.refused(
          "%s asks for %s, and what is computed is one of %s. Set embedding.pooling, in a copy without %s."
              .formatted(
                  file,
                  modes.isEmpty() ? "no pooling mode" : String.join(" and ", modes.keySet()),
                  String.join(", ", POOLINGS.keySet().stream().sorted().toList()),
                  NAME));
    }
    return POOLINGS.get(modes.keySet().iterator().next());
  }

  private static Dense dense(CheckpointFolder directory, String path, List<String> files)
      throws IOException {
    String file = path + "/config.json";
    ModelConfig config = new ModelConfig(directory.json(file));
    String function = config.text("activation_function", "torch.nn.modules.activation.Tanh");
    if (!function.matches(".*\\.(Identity|Tanh)")) {
      throw directory.refused(
          "%s has the activation_function %s; computed are Identity and Tanh. Export the whole with torch.jit and give it as proxy.torchscript."
              .formatted(file, function));
    }
    Dense dense =
        new Dense(
            path,
            config.size("in_features"),
            config.size("out_features"),
            config.flag("bias", true),
            function.endsWith("Tanh"));
    if (!directory.has(dense.file())) {
      throw directory.refused(
          "it has no %s. Save the model with sentence_transformers' save_pretrained, which writes safetensors."
              .formatted(dense.file()));
    }
    files.add(file);
    files.add(dense.file());
    return dense;
  }

  private static int maxTokens(CheckpointFolder directory, String folder, List<String> files)
      throws IOException {
    for (String name : LENGTHS) {
      String file = folder.isEmpty() ? name : folder + "/" + name;
      if (directory.has(file)) {
        files.add(file);
        ModelConfig config = new ModelConfig(directory.json(file));
        requireNoLowercasing(directory, folder, file, config);
        return config.has("max_seq_length") ? config.size("max_seq_length") : 0;
      }
    }
    return 0;
  }

  /** Where the library lowers letters itself, the tokenizer must do so: it is all that is asked. */
  private static void requireNoLowercasing(
      CheckpointFolder directory, String folder, String file, ModelConfig config)
      throws IOException {
    String tokenizer =
        folder.isEmpty() ? CheckpointFolder.TOKENIZER : folder + "/" + CheckpointFolder.TOKENIZER;
    if (!config.flag("do_lower_case", false) || !directory.has(tokenizer)) {
      return;
    }
    String normalizer = directory.json(tokenizer).path("normalizer").toString();
    if (!normalizer.contains("\"lowercase\":true")
        && !normalizer.contains("\"type\":\"Lowercase\"")) {
      throw directory.refused(
          "%s asks for do_lower_case, which the normalizer in %s does not do. Add a Lowercase normalizer to it."
              .formatted(file, tokenizer));
    }
  }
}
