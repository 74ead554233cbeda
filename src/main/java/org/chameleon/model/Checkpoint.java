package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;

/**
 * A Hugging Face checkpoint directory: {@code config.json}, {@code tokenizer.json} and {@code
 * model.safetensors}, whole or in shards with an index. It is a recipe: cheap to send to executors,
 * which read the weights from the same place.
 *
 * @param uri the directory
 * @param shape what {@code config.json} says
 * @param tokenizer content of {@code tokenizer.json}, or "" where there is none
 * @param weightFiles names of the files with weights
 */
public record Checkpoint(String uri, ModelShape shape, String tokenizer, List<String> weightFiles)
    implements Serializable {
  private static final String CONFIG = "config.json";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  /** Copies the list. */
  public Checkpoint {
    weightFiles = new ArrayList<>(weightFiles);
  }

  /** Whether a checkpoint must bring a tokenizer. */
  public enum TokenizerNeed {
    /** The corpus is text. */
    REQUIRED,
    /** The corpus holds token ids. */
    OPTIONAL
  }

  /**
   * Reads a directory's descriptions and checks that its files are there and fit together.
   *
   * @throws InvalidInputException if a file is missing, the family has no program, or the tokenizer
   *     can produce ids beyond the model's vocabulary
   */
  public static Checkpoint open(String uri, TokenizerNeed need, Configuration hadoop) {
    try {
      Path directory = new Path(uri);
      FileSystem fileSystem = directory.getFileSystem(hadoop);
      directory = fileSystem.makeQualified(directory);
      if (!fileSystem.exists(directory)) {
        throw new InvalidInputException(
            "Cannot open checkpoint %s: nothing is there. Set proxy.checkpoint to a directory."
                .formatted(directory));
      }
      JsonNode config = new ObjectMapper().readTree(text(fileSystem, directory, CONFIG));
      ModelShape shape = shape(directory, config);
      boolean hasTokenizer = fileSystem.exists(new Path(directory, TOKENIZER));
      String tokenizer =
          hasTokenizer || need == TokenizerNeed.REQUIRED
              ? text(fileSystem, directory, TOKENIZER)
              : "";
      if (hasTokenizer) {
        requireFit(directory, tokenizer, shape);
      }
      return new Checkpoint(
          directory.toString(), shape, tokenizer, weightFiles(fileSystem, directory));
    } catch (IOException e) {
      throw new InvalidInputException("Cannot open checkpoint " + uri + ": " + e.getMessage(), e);
    }
  }

  private static ModelShape shape(Path directory, JsonNode json) {
    ModelConfig config = new ModelConfig(json);
    try {
      return ModelFamilies.of(config).shape(config);
    } catch (IllegalArgumentException | InvalidInputException e) {
      throw new InvalidInputException(e.getMessage() + " See " + directory + "/config.json.", e);
    }
  }

  private static void requireFit(Path directory, String tokenizer, ModelShape shape) {
    int ids = Tokenizer.vocabularySize(tokenizer);
    if (ids > shape.vocabulary()) {
      throw new InvalidInputException(
          ("Cannot use checkpoint %s: its tokenizer produces ids up to %d, its model has a vocabulary"
                  + " of %d. Use the tokenizer that the model was trained with.")
              .formatted(directory, ids - 1, shape.vocabulary()));
    }
  }

  private static List<String> weightFiles(FileSystem fileSystem, Path directory)
      throws IOException {
    if (fileSystem.exists(new Path(directory, INDEX))) {
      JsonNode map =
          new ObjectMapper().readTree(text(fileSystem, directory, INDEX)).path("weight_map");
      TreeSet<String> files = new TreeSet<>();
      map.forEach(file -> files.add(file.asText()));
      for (String file : files) {
        requireFile(fileSystem, directory, file);
      }
      return new ArrayList<>(files);
    }
    requireFile(fileSystem, directory, WEIGHTS);
    return List.of(WEIGHTS);
  }

  private static void requireFile(FileSystem fileSystem, Path directory, String name)
      throws IOException {
    if (!fileSystem.exists(new Path(directory, name))) {
      throw new InvalidInputException(
          "Cannot open checkpoint %s: it has no %s. Copy all files of the checkpoint."
              .formatted(directory, name));
    }
  }

  private static String text(FileSystem fileSystem, Path directory, String name)
      throws IOException {
    requireFile(fileSystem, directory, name);
    try (InputStream in = fileSystem.open(new Path(directory, name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns what identifies the content: name, size and modification time of every file. */
  public List<String> identity(Configuration hadoop) {
    List<String> identity = new ArrayList<>();
    try {
      Path directory = new Path(uri);
      for (FileStatus file : directory.getFileSystem(hadoop).listStatus(directory)) {
        String name = file.getPath().getName();
        if (weightFiles.contains(name) || name.equals(CONFIG) || name.equals(TOKENIZER)) {
          identity.add(name + " " + file.getLen() + " " + file.getModificationTime());
        }
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot list " + uri + ": " + e.getMessage(), e);
    }
    identity.sort(null);
    return identity;
  }

  /** Returns the names of all files that make up the checkpoint. */
  public List<String> files() {
    List<String> files = new ArrayList<>(weightFiles);
    files.add(CONFIG);
    if (!tokenizer.isEmpty()) {
      files.add(TOKENIZER);
    }
    if (!weightFiles.equals(List.of(WEIGHTS))) {
      files.add(INDEX);
    }
    return files;
  }

  /**
   * Reads weights one after another, in the order given. All are checked by name and sizes before
   * the first is read.
   *
   * @throws InvalidInputException if one is missing, of other sizes, or not finite
   */
  public void weights(
      List<ModelWeight> weights, Configuration hadoop, BiConsumer<String, Safetensors.Tensor> use) {
    Map<String, Safetensors> holders = new HashMap<>();
    List<java.nio.file.Path> copies = new ArrayList<>();
    try {
      for (String name : weightFiles) {
        Safetensors file = Safetensors.open(local(name, hadoop, copies));
        file.names().forEach(tensor -> holders.put(tensor, file));
      }
      weights.forEach(weight -> requireSizes(weight, holders));
      for (ModelWeight weight : weights) {
        String name = nameIn(holders, weight.name());
        use.accept(weight.name(), holders.get(name).read(name));
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + uri + ": " + e.getMessage(), e);
    } finally {
      copies.forEach(copy -> copy.toFile().delete());
    }
  }

  /** Checkpoints name their weights with or without the prefix of their family. */
  private String nameIn(Map<String, Safetensors> holders, String weight) {
    return Stream.of(weight, shape.family().prefix() + weight)
        .filter(holders::containsKey)
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Cannot use checkpoint %s: it has no tensor '%s'. Check config.json."
                        .formatted(uri, weight)));
  }

  private void requireSizes(ModelWeight weight, Map<String, Safetensors> holders) {
    String name = nameIn(holders, weight.name());
    long[] found = holders.get(name).shape(name);
    if (!weight.fits(found)) {
      throw new InvalidInputException(
          ("Cannot use checkpoint %s: tensor '%s' has sizes %s, config.json makes them %s. Use the"
                  + " config.json that the weights were saved with.")
              .formatted(
                  uri,
                  name,
                  ModelWeight.text(LongStream.of(found).boxed().toList()),
                  ModelWeight.text(weight.sizes())));
    }
  }

  private java.nio.file.Path local(
      String name, Configuration hadoop, List<java.nio.file.Path> copies) throws IOException {
    Path source = new Path(uri, name);
    FileSystem fileSystem = source.getFileSystem(hadoop);
    if (fileSystem.getScheme().equals("file")) {
      return java.nio.file.Path.of(source.toUri().getPath());
    }
    java.nio.file.Path copy = Files.createTempFile("chameleon-", ".safetensors");
    copies.add(copy);
    fileSystem.copyToLocalFile(false, source, new Path(copy.toUri()), true);
    return copy;
  }
}
