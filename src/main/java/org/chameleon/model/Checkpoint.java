package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.chameleon.model.family.ModelConfig;
import org.chameleon.model.family.ModelFamilies;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;
import org.chameleon.model.family.TorchScriptFamily;
import org.chameleon.storage.Paths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
  private static final String CONFIG = "config.json";

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
    try {
      CheckpointFolder directory = new CheckpointFolder("checkpoint", Paths.of(uri), hadoop);
      if (!directory.exists()) {
        throw directory.refused("nothing is there. Set proxy.checkpoint to a directory.");
      }
      List<SentenceModules> modules =
          directory.has(SentenceModules.NAME) ? List.of(SentenceModules.in(directory)) : List.of();
      CheckpointFolder folder =
          modules.isEmpty() ? directory : directory.in(modules.get(0).folder());
      ModelShape shape = shape(folder);
      boolean hasTokenizer = folder.has(CheckpointFolder.TOKENIZER);
      String tokenizer = hasTokenizer || need == TokenizerNeed.REQUIRED ? folder.tokenizer() : "";
      if (hasTokenizer) {
        requireFit(folder, tokenizer, shape);
      }
      return new Checkpoint(
          directory.toString(), shape, tokenizer, WeightFiles.in(folder), modules);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot open checkpoint " + uri + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens a TorchScript module of the user's own, with the {@code tokenizer.json} beside it.
   *
   * @param uri the file, or a directory with one such file
   * @throws InvalidInputException if there is none
   */
  public static Checkpoint openModule(String uri, TokenizerNeed need, Configuration hadoop) {
    try {
      Path path = Paths.of(uri);
      FileSystem fileSystem = path.getFileSystem(hadoop);
      if (!fileSystem.exists(path)) {
        throw new InvalidInputException(
            "Cannot open module " + uri + ": nothing is there. Correct proxy.torchscript.");
      }
      boolean directory = fileSystem.getFileStatus(path).isDirectory();
      CheckpointFolder folder =
          new CheckpointFolder("module", directory ? path : path.getParent(), hadoop);
      String module = directory ? module(folder) : path.getName();
      boolean hasTokenizer = folder.has(CheckpointFolder.TOKENIZER);
      String tokenizer = hasTokenizer || need == TokenizerNeed.REQUIRED ? folder.tokenizer() : "";
      int ids =
          hasTokenizer
              ? Tokenizer.vocabularySize(folder.parsed(CheckpointFolder.TOKENIZER, tokenizer))
              : 0;
      return new Checkpoint(
          folder.toString(),
          new TorchScriptFamily().shape(ids),
          tokenizer,
          List.of(module),
          List.of());
    } catch (IOException e) {
      throw new InvalidInputException("Cannot open module " + uri + ": " + e.getMessage(), e);
    }
  }

  private static String module(CheckpointFolder folder) throws IOException {
    List<String> modules =
        folder.names().stream()
            .filter(name -> name.matches(".*\\.(pt|pth|ts|torchscript)"))
            .toList();
    if (modules.size() != 1) {
      throw folder.refused(
          "it has %s. Name the file in proxy.torchscript."
              .formatted(
                  modules.isEmpty()
                      ? "no module (.pt, .pth, .ts or .torchscript)"
                      : modules.size() + " modules: " + CheckpointFolder.listed(modules)));
    }
    return modules.get(0);
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
    List<java.nio.file.Path> copies = new ArrayList<>();
    Path file = new Path(uri, weightFiles.get(0));
    try {
      return TorchModule.load(local(file, hadoop, copies), file.toString(), device);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + file + ": " + e.getMessage(), e);
    } finally {
      copies.forEach(copy -> copy.toFile().delete());
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
    return new CheckpointFolder("checkpoint", new Path(uri), hadoop);
  }

  /** Where the model itself is, in a directory that holds more. */
  private CheckpointFolder modelFolder(Configuration hadoop) throws IOException {
    return folder(hadoop).in(modelFolder());
  }

  private String modelFolder() {
    return modules.isEmpty() ? "" : modules.get(0).folder();
  }

  private static ModelShape shape(CheckpointFolder folder) throws IOException {
    ModelConfig config = new ModelConfig(folder.json(CONFIG));
    try {
      return ModelFamilies.shape(config);
    } catch (IllegalArgumentException | InvalidInputException e) {
      throw new InvalidInputException(e.getMessage() + " See " + folder + "/" + CONFIG + ".", e);
    }
  }

  /**
   * Tokens that were added later may have no row of the embedding, such as those of images in a
   * model of text: they are refused where they stand in a text.
   */
  private static void requireFit(CheckpointFolder folder, String tokenizer, ModelShape shape) {
    JsonNode json = folder.parsed(CheckpointFolder.TOKENIZER, tokenizer);
    int ids = Tokenizer.ownVocabularySize(json);
    if (ids > shape.vocabulary()) {
      throw new InvalidInputException(
          ("Cannot use checkpoint %s: its tokenizer produces ids up to %d, its model has a vocabulary"
                  + " of %d. Use the tokenizer that the model was trained with.")
              .formatted(folder, ids - 1, shape.vocabulary()));
    }
    int all = Tokenizer.vocabularySize(json);
    if (all > shape.vocabulary()) {
      LOG.warn(
          "checkpoint {}: added tokens of its tokenizer have ids up to {}, its model has a vocabulary"
              + " of {}; a text with one of them is refused",
          folder,
          all - 1,
          shape.vocabulary());
    }
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
