package org.chameleon.model;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;
import org.chameleon.model.family.TorchScriptFamily;
import org.chameleon.storage.Paths;

/**
 * A Hugging Face checkpoint directory: {@code config.json}, {@code tokenizer.json} and {@code
 * model.safetensors}, whole or in shards with an index. It is a recipe: cheap to send to executors,
 * which read the weights from the same place.
 *
 * @param uri the directory
 * @param shape what {@code config.json} says
 * @param tokenizer content of {@code tokenizer.json}, or "" where there is none
 * @param weightFiles names of the files with weights, or of the one with a module
 * @param modules what a sentence-transformers directory says of how it is read; empty in others
 */
public record Checkpoint(
    String uri,
    ModelShape shape,
    String tokenizer,
    List<String> weightFiles,
    List<SentenceModules> modules)
    implements Serializable {
  static final String CONFIG = "config.json";

  /** Copies the list. */
  public Checkpoint {
    weightFiles = new ArrayList<>(weightFiles);
    modules = new ArrayList<>(modules);
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
    return CheckpointReader.directory(uri, need, hadoop);
  }

  /**
   * Opens a TorchScript module of the user's own, with the {@code tokenizer.json} beside it.
   *
   * @param uri the file, or a directory with one such file
   * @throws InvalidInputException if there is none
   */
  public static Checkpoint openModule(String uri, TokenizerNeed need, Configuration hadoop) {
    return CheckpointReader.module(uri, need, hadoop);
  }

  /** Returns whether a TorchScript module of the user's own gives the hidden states. */
  public boolean isModule() {
    return shape.family() instanceof TorchScriptFamily;
  }

  /**
   * Loads the module.
   *
   * @throws InvalidInputException if it is none
   */
  public TorchModule module(ComputeDevice device, Configuration hadoop) {
    Path file = Paths.in(Paths.of(uri), weightFiles.get(0));
    try (LocalFiles local = new LocalFiles(hadoop)) {
      return TorchModule.load(local.file(file), file.toString(), device);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks all that computing with the checkpoint needs, before any work is spent: that it has
   * every weight of the model in the sizes of {@code config.json}, by the headers of its files
   * alone; that its tokenizer opens; and that windows fit its context.
   *
   * @param windowTokens tokens of a window
   * @param specialTokens tokens that are put around it
   * @throws InvalidInputException if something does not fit
   */
  public void requireUsable(int windowTokens, int specialTokens, Configuration hadoop) {
    if (!isModule()) {
      requireWeights(hadoop);
    }
    requireTokenizer();
    if (windowTokens + specialTokens > context()) {
      throw new InvalidInputException(
          "Cannot sample windows of %d tokens: the context of the proxy %s is %d%s. Lower sample.window-tokens%s."
              .formatted(
                  windowTokens,
                  uri,
                  context(),
                  specialTokens == 0
                      ? ""
                      : ", special tokens included, of which there are " + specialTokens,
                  context() > specialTokens ? " to " + (context() - specialTokens) : ""));
    }
  }

  private void requireWeights(Configuration hadoop) {
    try {
      new CheckpointWeights(modelFolder(hadoop), weightFiles, shape)
          .of(shape.weights(shape.layers()));
      for (SentenceModules.Dense dense : dense()) {
        new CheckpointWeights(folder(hadoop), List.of(dense.file()), shape).of(dense.weights(0));
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read the weights of " + uri + ": " + e.getMessage(), e);
    }
  }

  /** Returns the most tokens that a window may have, special tokens included. */
  public int context() {
    int longest = modules.isEmpty() ? 0 : modules.get(0).maxTokens();
    return longest == 0 ? shape.context() : Math.min(longest, shape.context());
  }

  private List<SentenceModules.Dense> dense() {
    return modules.isEmpty() ? List.of() : modules.get(0).dense();
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
    return new CheckpointFolder("checkpoint", Paths.of(uri), hadoop);
  }

  /** Where the model itself is, in a directory that holds more. */
  private CheckpointFolder modelFolder(Configuration hadoop) throws IOException {
    return folder(hadoop).in(modelFolder());
  }

  private String modelFolder() {
    return modules.isEmpty() ? "" : modules.get(0).folder();
  }

  /** Returns what identifies the content: name, size and modification time of every file. */
  public List<String> identity(Configuration hadoop) {
    List<String> identity = new ArrayList<>();
    try {
      CheckpointFolder folder = folder(hadoop);
      for (String file : files()) {
        identity.add(folder.identity(file));
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot list " + uri + ": " + e.getMessage(), e);
    }
    identity.sort(null);
    return identity;
  }

  /** Returns the names of all files that make up the checkpoint, relative to its directory. */
  public List<String> files() {
    List<String> model = new ArrayList<>(weightFiles);
    if (!tokenizer.isEmpty()) {
      model.add(CheckpointFolder.TOKENIZER);
    }
    if (!isModule()) {
      model.add(CONFIG);
    }
    if (!isModule() && !weightFiles.equals(List.of(WeightFiles.WHOLE))) {
      model.add(WeightFiles.INDEX);
    }
    List<String> files = new ArrayList<>();
    model.forEach(file -> files.add(modelFolder().isEmpty() ? file : modelFolder() + "/" + file));
    modules.forEach(all -> files.addAll(all.files()));
    return files;
  }

  /**
   * Hands out weights one after another, in the order given. All are checked by name and sizes
   * before the first; of files on other file systems only those that hold one are fetched, once for
   * all processes of this user on this host.
   *
   * @throws InvalidInputException if one is missing or of other sizes
   */
  public void weights(
      List<ModelWeight> weights, Configuration hadoop, BiConsumer<ModelWeight, StoredTensor> use) {
    try {
      use(modelFolder(hadoop), weightFiles, weights, hadoop, use);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + uri + ": " + e.getMessage(), e);
    }
  }

  /** Hands out the weights of the dense layers behind the pooling, as {@link #weights} does. */
  public void denseWeights(Configuration hadoop, BiConsumer<ModelWeight, StoredTensor> use) {
    try {
      for (int i = 0; i < dense().size(); i++) {
        SentenceModules.Dense layer = dense().get(i);
        use(folder(hadoop), List.of(layer.file()), layer.weights(i), hadoop, use);
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + uri + ": " + e.getMessage(), e);
    }
  }

  private void use(
      CheckpointFolder folder,
      List<String> names,
      List<ModelWeight> weights,
      Configuration hadoop,
      BiConsumer<ModelWeight, StoredTensor> use)
      throws IOException {
    Map<String, Safetensors> files = new HashMap<>();
    try (LocalFiles local = new LocalFiles(hadoop)) {
      Map<ModelWeight, CheckpointWeights.Place> places =
          new CheckpointWeights(folder, names, shape).of(weights);
      for (Map.Entry<ModelWeight, CheckpointWeights.Place> weight : places.entrySet()) {
        String file = weight.getValue().file();
        if (!files.containsKey(file)) {
          files.put(file, local.weights(folder.path(file)));
        }
        use.accept(weight.getKey(), files.get(file).tensor(weight.getValue().tensor()));
      }
    }
  }
}
