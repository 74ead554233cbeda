package org.chameleon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chameleon.model.Safetensors;

/** Files of a small sentence encoder, as sentence-transformers lays them out. */
public final class SentenceEncoderFiles {
  private static final String MODULES =
      """
      [{"idx": 0, "path": "MODEL", "type": "sentence_transformers.models.Transformer"},
       {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
       {"idx": 2, "path": "2_Dense", "type": "sentence_transformers.models.Dense"},
       {"idx": 3, "path": "3_Normalize", "type": "sentence_transformers.models.Normalize"}]
      """;

  private SentenceEncoderFiles() {}

  /** Copies the reference's encoder, with a tokenizer that puts 7 before a text and 9, 7 behind. */
  public static void model(Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(Reference.path("bert/" + name), to.resolve(name));
    }
    ObjectNode tokenizer = (ObjectNode) Reference.json("bert/tokenizer.json");
    tokenizer.set(
        "post_processor",
        new ObjectMapper()
            .readTree(
                """
                {"type": "TemplateProcessing",
                 "single": [{"SpecialToken": {"id": "a", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                            {"SpecialToken": {"id": "b", "type_id": 0}}, {"SpecialToken": {"id": "a", "type_id": 0}}],
                 "pair": [], "special_tokens": {"a": {"id": "a", "ids": [7], "tokens": ["a"]},
                                                "b": {"id": "b", "ids": [9], "tokens": ["b"]}}}
                """));
    Files.writeString(to.resolve("tokenizer.json"), tokenizer.toString());
  }

  /**
   * Makes a sentence encoder of a folder: its model, wherever in it that is, then the first token's
   * state, a dense layer to width 2 through the hyperbolic tangent, and the norm.
   */
  public static void modules(Path folder, String model) throws IOException {
    Files.writeString(folder.resolve("modules.json"), MODULES.replace("MODEL", model));
    write(folder, "1_Pooling/config.json", "{\"pooling_mode_cls_token\": true}");
    write(
        folder,
        "2_Dense/config.json",
        "{\"in_features\": 48, \"out_features\": 2, \"bias\": true,"
            + " \"activation_function\": \"torch.nn.modules.activation.Tanh\"}");
    float[] weights = new float[2 * 48];
    weights[0] = 1;
    weights[48 + 1] = 1;
    try (OutputStream out = Files.newOutputStream(folder.resolve("2_Dense/model.safetensors"))) {
      Safetensors.write(
          Map.of(
              "linear.weight", new Safetensors.Tensor(new long[] {2, 48}, weights),
              "linear.bias", new Safetensors.Tensor(new long[] {2}, new float[] {0, 3})),
          out);
    }
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }
}
