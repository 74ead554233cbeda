package org.chameleon.model;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.Paths;

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
   * Reads a directory's descriptions and checks that its files are there. What the weights need is
   * for {@link #requireUsable}.
   *
   * @throws InvalidInputException if a file is missing or not what its name says, the family has no
   *     program, or the tokenizer can produce ids beyond the model's vocabulary
   */
  public static Checkpoint open(String uri, TokenizerNeed need, Configuration hadoop) {
    try {
      CheckpointFolder folder = new CheckpointFolder("checkpoint", Paths.of(uri), hadoop);
      if (!folder.exists()) {
        throw folder.refused("nothing is there. Set proxy.checkpoint to a directory.");
      }
      ModelShape shape = shape(folder);
      boolean hasTokenizer = folder.has(CheckpointFolder.TOKENIZER);
      String tokenizer = hasTokenizer || need == TokenizerNeed.REQUIRED ? folder.tokenizer() : "";
      if (hasTokenizer) {
        requireFit(folder, tokenizer, shape);
      }
      return new Checkpoint(folder.toString(), shape, tokenizer, WeightFiles.in(folder));
    } catch (IOException e) {
      throw new InvalidInputException("Cannot open checkpoint " + uri + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks all that computing with the checkpoint needs, before any work is spent: that it has
   * every weight of the model in the sizes of {@code config.json}, by the headers of its files
   * alone; that its tokenizer opens; and that windows fit its context.
   *
   * @param windowTokens tokens of a window
   * @throws InvalidInputException if something does not fit
   */
  public void requireUsable(int windowTokens, Configuration hadoop) {
    try {
      new CheckpointWeights(folder(hadoop), weightFiles, shape)
          .of(shape.family().weights(shape, shape.layers()));
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read the weights of " + uri + ": " + e.getMessage(), e);
    }
    requireTokenizer();
    if (windowTokens > shape.context()) {
      throw new InvalidInputException(
          ("Cannot sample windows of %d tokens: the context of the proxy %s is %d. Lower"
                  + " sample.window-tokens.")
              .formatted(windowTokens, uri, shape.context()));
    }
  }

  private void requireTokenizer() {
    try {
      if (!tokenizer.isEmpty()) {
        Tokenizer.of(tokenizer);
      }
    } catch (InvalidInputException e) {
      throw new InvalidInputException(
          e.getMessage() + " See " + uri + "/" + CheckpointFolder.TOKENIZER + ".", e);
    }
  }

  private CheckpointFolder folder(Configuration hadoop) throws IOException {
    return new CheckpointFolder("checkpoint", new Path(uri), hadoop);
  }

  private static ModelShape shape(CheckpointFolder folder) throws IOException {
    ModelConfig config = new ModelConfig(folder.json(CONFIG));
    try {
      return ModelFamilies.of(config).shape(config);
    } catch (IllegalArgumentException | InvalidInputException e) {
      throw new InvalidInputException(e.getMessage() + " See " + folder + "/" + CONFIG + ".", e);
    }
  }

  private static void requireFit(CheckpointFolder folder, String tokenizer, ModelShape shape) {
    int ids = Tokenizer.vocabularySize(folder.parsed(CheckpointFolder.TOKENIZER, tokenizer));
    if (ids > shape.vocabulary()) {
      throw new InvalidInputException(
          ("Cannot use checkpoint %s: its tokenizer produces ids up to %d, its model has a vocabulary"
                  + " of %d. Use the tokenizer that the model was trained with.")
              .formatted(folder, ids - 1, shape.vocabulary()));
    }
  }

  /** Returns what identifies the content: name, size and modification time of every file. */
  public List<String> identity(Configuration hadoop) {
    List<String> identity = new ArrayList<>();
    try {
      Path directory = new Path(uri);
      for (FileStatus file : directory.getFileSystem(hadoop).listStatus(directory)) {
        String name = file.getPath().getName();
        if (weightFiles.contains(name)
            || name.equals(CONFIG)
            || name.equals(CheckpointFolder.TOKENIZER)) {
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
      files.add(CheckpointFolder.TOKENIZER);
    }
    if (!weightFiles.equals(List.of(WeightFiles.WHOLE))) {
      files.add(WeightFiles.INDEX);
    }
    return files;
  }

  /**
   * Reads weights one after another, in the order given. All are checked by name and sizes before
   * the first is read; of files on other file systems only those that hold one are copied.
   *
   * @throws InvalidInputException if one is missing, of other sizes, or not finite
   */
  public void weights(
      List<ModelWeight> weights, Configuration hadoop, BiConsumer<String, Safetensors.Tensor> use) {
    Map<String, Safetensors> files = new HashMap<>();
    List<java.nio.file.Path> copies = new ArrayList<>();
    try {
      Map<String, CheckpointWeights.Place> places =
          new CheckpointWeights(folder(hadoop), weightFiles, shape).of(weights);
      for (Map.Entry<String, CheckpointWeights.Place> weight : places.entrySet()) {
        String file = weight.getValue().file();
        if (!files.containsKey(file)) {
          files.put(file, Safetensors.open(local(file, hadoop, copies)));
        }
        use.accept(weight.getKey(), files.get(file).read(weight.getValue().tensor()));
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
