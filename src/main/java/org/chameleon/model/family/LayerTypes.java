package org.chameleon.model.family;

import java.util.List;
import java.util.stream.IntStream;

/** Which layers of a model see only a window of tokens near theirs. */
final class LayerTypes {
  /** A layer that sees all. */
  static final String FULL = "full_attention";

  /** A layer that sees a window. */
  static final String SLIDING = "sliding_attention";

  private static final String KEY = "layer_types";

  private LayerTypes() {}

  /** Returns the window of a model that has to say so to use it, or 0. */
  static int window(ModelConfig config) {
    boolean has = config.flag("use_sliding_window", false) && !config.isNull("sliding_window");
    return has ? config.size("sliding_window", 4096) : 0;
  }

  /**
   * Returns which layers see a window: as listed, else from a layer on. A model that does not use
   * its window has none.
   */
  static List<Boolean> fromLayer(ModelConfig config, String key, int unset) {
    int layers = config.layers("num_hidden_layers");
    if (config.has(KEY)) {
      List<Boolean> listed = listed(config, layers);
      if (listed.contains(true) && window(config) == 0) {
        throw config.unknown(KEY);
      }
      return listed;
    }
    int first = window(config) == 0 ? layers : config.integer(key, unset);
    return IntStream.range(0, layers).mapToObj(i -> i >= first).toList();
  }

  /** Returns which layers see a window: as listed, else all but every nth. */
  static List<Boolean> everyNth(ModelConfig config) {
    int layers = config.layers("num_hidden_layers");
    if (config.has(KEY)) {
      return listed(config, layers);
    }
    int n = config.size("sliding_window_pattern", 6);
    return IntStream.range(0, layers).mapToObj(i -> (i + 1) % n != 0).toList();
  }

  /** Returns which layers see a window, as listed. */
  static List<Boolean> listed(ModelConfig config, int layers) {
    List<String> types = config.texts(KEY);
    if (types.size() != layers || !List.of(FULL, SLIDING).containsAll(types)) {
      throw config.unknown(KEY);
    }
    return types.stream().map(SLIDING::equals).toList();
  }
}
