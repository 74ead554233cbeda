package org.chameleon.model;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Reference;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.family.ModelShape;

/** A copy of the reference checkpoint in a folder, to be changed. */
final class CheckpointFixture {
  static final String WEIGHTS = "model.safetensors";

  private final Path folder;

  private CheckpointFixture(Path folder) {
    this.folder = folder;
  }

  static CheckpointFixture in(Path folder) throws IOException {
    for (String name : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      Files.copy(Reference.path("gpt2/" + name), folder.resolve(name));
    }
    return new CheckpointFixture(folder);
  }

  /** Returns the tensors of the reference. */
  static Map<String, Safetensors.Tensor> tensors() {
    Safetensors file = Safetensors.open(Reference.path("gpt2/" + WEIGHTS));
    Map<String, Safetensors.Tensor> tensors = new TreeMap<>();
    file.names().forEach(name -> tensors.put(name, file.read(name)));
    return tensors;
  }

  /** Writes a file of tensors. */
  void save(String name, Map<String, Safetensors.Tensor> tensors) {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      Safetensors.write(tensors, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the reference's tensors under other names. */
  void rename(UnaryOperator<String> names) {
    Map<String, Safetensors.Tensor> renamed = new TreeMap<>();
    tensors().forEach((name, tensor) -> renamed.put(names.apply(name), tensor));
    save(WEIGHTS, renamed);
  }

  /** Writes a file. */
  void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content, StandardCharsets.ISO_8859_1);
  }

  void delete(String name) throws IOException {
    Files.delete(folder.resolve(name));
  }

  /** Writes a safetensors file whose header is anything. */
  static void header(Path file, String header, int bytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, content.putLong(json.length).put(json).array());
  }

  /** Changes the text of {@code config.json}. */
  void config(String from, String to) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, Files.readString(file).replace(from, to));
  }

  Checkpoint open() {
    return Checkpoint.open(folder.toString(), TokenizerNeed.REQUIRED, new Configuration());
  }

  /** Opens it and checks all of it, for windows of a few tokens. */
  Checkpoint usable() {
    Checkpoint checkpoint = open();
    checkpoint.requireUsable(8, 0, new Configuration());
    return checkpoint;
  }

  /** Returns the values of all weights, by the model's names. */
  static Map<String, float[]> values(Checkpoint checkpoint) {
    return values(checkpoint, new Configuration());
  }

  static Map<String, float[]> values(Checkpoint checkpoint, Configuration hadoop) {
    Map<String, float[]> values = new HashMap<>();
    ModelShape shape = checkpoint.shape();
    checkpoint.weights(
        shape.weights(shape.layers()),
        hadoop,
        (weight, tensor) -> values.put(weight.name(), tensor.read().values()));
    return values;
  }
}
