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

  private static ModelShape shape(Path directory, JsonNode config) {
    ModelFamily family =
        ModelFamily.of(config)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "Cannot open checkpoint %s: model_type '%s' has no program. Known: %s."
                            .formatted(
                                directory,
                                config.path("model_type").asText(),
                                List.of(ModelFamily.values()))));
    try {
      return family.shape(config);
    } catch (IllegalArgumentException e) {
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
   * Reads weights one after another, in the order of {@code names}.
   *
   * @throws InvalidInputException if one is missing or not finite
   */
  public void weights(
      List<String> names, Configuration hadoop, BiConsumer<String, Safetensors.Tensor> use) {
    Map<String, Safetensors> holders = new HashMap<>();
    List<java.nio.file.Path> copies = new ArrayList<>();
    try {
      for (String name : weightFiles) {
        Safetensors file = Safetensors.open(local(name, hadoop, copies));
        file.names().forEach(tensor -> holders.put(tensor, file));
      }
      for (String name : names) {
        String found =
            shape.family().prefixes().stream()
                .map(prefix -> prefix + name)
                .filter(holders::containsKey)
                .findFirst()
                .orElseThrow(
                    () ->
                        new InvalidInputException(
                            "Cannot use checkpoint %s: it has no tensor '%s'. Check config.json."
                                .formatted(uri, name)));
        use.accept(name, holders.get(found).read(found));
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + uri + ": " + e.getMessage(), e);
    } finally {
      copies.forEach(copy -> copy.toFile().delete());
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
