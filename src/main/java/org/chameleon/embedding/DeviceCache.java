package org.chameleon.embedding;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.chameleon.model.ComputeDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is expensive to open, at most one for each device. It is shared by all who take it, and
 * stays open when nobody has it; it is closed when the device is asked for another, or it has been
 * discarded, and its last user has given it back. What is open at the JVM's end goes with it.
 *
 * @param <K> what tells one from another
 * @param <V> what is open
 */
final class DeviceCache<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceCache.class);

  private final Consumer<V> closer;
  private final Map<ComputeDevice, Object> turns = new ConcurrentHashMap<>();
  private final Map<ComputeDevice, Use<K, V>> current = new HashMap<>();
  private final IdentityHashMap<V, Use<K, V>> open = new IdentityHashMap<>();

  DeviceCache(Consumer<V> closer) {
    this.closer = closer;
  }

  /** Something open, and how many have it. */
  private static final class Use<K, V> {
    private final K key;
    private final V value;
    private int users = 1;

    Use(K key, V value) {
      this.key = key;
      this.value = value;
    }
  }

  /**
   * Returns what is open for a key, opening it if it is not. Others may take from other devices
   * meanwhile.
   */
  V take(ComputeDevice device, K key, Supplier<V> opening) {
    synchronized (turns.computeIfAbsent(device, d -> new Object())) {
      synchronized (this) {
        Use<K, V> found = current.get(device);
        if (found != null && Objects.equals(found.key, key)) {
          found.users++;
          return found.value;
        }
        // Closed first: the device may not hold both.
        retire(device);
      }
      V value = opening.get();
      synchronized (this) {
        Use<K, V> use = new Use<>(key, value);
        current.put(device, use);
        open.put(value, use);
      }
      return value;
    }
  }

  /** Says that one of those who took a value needs it no more. */
  synchronized void giveBack(V value) {
    Use<K, V> use = open.get(value);
    if (use != null) {
      use.users--;
      closeUnused(use);
    }
  }

  /** Lets nobody take a value any more. */
  synchronized void discard(V value) {
    current.values().removeIf(use -> use.value == value);
  }

  private void retire(ComputeDevice device) {
    Use<K, V> old = current.remove(device);
    if (old != null) {
      closeUnused(old);
    }
  }

  private void closeUnused(Use<K, V> use) {
    if (use.users > 0 || current.containsValue(use)) {
      return;
    }
    open.remove(use.value);
    try {
      closer.accept(use.value);
    } catch (RuntimeException e) {
      // What is broken may not even close; its place is free either way.
      LOG.warn("an encoder did not close: {}", e.getMessage());
    }
  }
}
