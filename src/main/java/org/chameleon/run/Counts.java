package org.chameleon.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.chameleon.cluster.Computed;
import org.chameleon.cluster.TaskMetrics;

/** What a stage counted, by the names of {@code run.json}; only what applies to it. */
public final class Counts {
  /** Nothing. */
  public static final Counts NONE = new Counts(new TreeMap<>());

  private static final NavigableMap<String, Name<?>> NAMES = new TreeMap<>();

  /** Domains. */
  public static final Name<Long> DOMAINS = name("domains", JsonNode::longValue);

  /** Windows, or training sequences. */
  public static final Name<Long> WINDOWS = name("windows", JsonNode::longValue);

  /** Tokens sampled, embedded, trained on or planned. */
  public static final Name<Long> TOKENS = name("tokens", JsonNode::longValue);

  /** Bytes that tasks read from the corpus. */
  public static final Name<Long> BYTES_READ = name("bytesRead", JsonNode::longValue);

  /** Weights of the proxy. */
  public static final Name<Long> PARAMETERS = name("parameters", JsonNode::longValue);

  /** Floating-point operations of training. */
  public static final Name<Double> FLOPS = name("flops", JsonNode::doubleValue);

  /** Domains whose output was there already and still held. */
  public static final Name<Long> KEPT_DOMAINS = name("keptDomains", JsonNode::longValue);

  /** The run that they were taken over from, where it is another. */
  public static final Name<String> KEPT_FROM = name("keptFrom", JsonNode::textValue);

  /** What the configuration said of the names of domains. */
  public static final Name<SortedSet<String>> CALLED = name("names", Counts::texts);

  /** What it was computed on; several where executors differ. */
  public static final Name<String> DEVICE = name("device", JsonNode::textValue);

  /** Number format of the products. */
  public static final Name<String> PRECISION = name("precision", JsonNode::textValue);

  /** What of the proxy was read, in words. */
  public static final Name<String> READING = name("reading", JsonNode::textValue);

  /** Time of all tasks' work together, in seconds. */
  public static final Name<Double> TASK_SECONDS = name("taskSeconds", JsonNode::doubleValue);

  /** Which GPUs Spark gave to the tasks of which executor. */
  public static final Name<SortedSet<String>> GPUS = name("gpus", Counts::texts);

  private final NavigableMap<String, Object> values;

  private Counts(NavigableMap<String, Object> values) {
    this.values = Collections.unmodifiableNavigableMap(values);
  }

  /** The name of a count, and the type of its value. */
  public static final class Name<T> {
    private final String text;
    private final Function<JsonNode, T> reader;

    private Name(String text, Function<JsonNode, T> reader) {
      this.text = text;
      this.reader = reader;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static <T> Name<T> name(String text, Function<JsonNode, T> reader) {
    Name<T> name = new Name<>(text, reader);
    NAMES.put(text, name);
    return name;
  }

  private static SortedSet<String> texts(JsonNode array) {
    SortedSet<String> texts = new TreeSet<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  /** Reads those of a stage; fields that are none of them are left out. */
  static Counts read(JsonNode stage) {
    Counts counts = NONE;
    for (Name<?> name : NAMES.values()) {
      JsonNode value = stage.path(name.text);
      counts = value.isValueNode() || value.isArray() ? counts.withRead(name, value) : counts;
    }
    return counts;
  }

  private <T> Counts withRead(Name<T> name, JsonNode value) {
    return value.isNull() ? this : with(name, name.reader.apply(value));
  }

  /** Returns these with one more; null does not apply. */
  public <T> Counts with(Name<T> name, T value) {
    if (value == null) {
      return this;
    }
    NavigableMap<String, Object> more = new TreeMap<>(values);
    more.put(name.text, value);
    return new Counts(more);
  }

  /** Returns these, with what tasks did where nothing else is known of it. */
  Counts withWork(TaskMetrics tasks) {
    if (!tasks.used()) {
      return this;
    }
    Counts counts = with(TASK_SECONDS, tasks.seconds());
    counts = tasks.bytesRead() == 0 ? counts : counts.with(BYTES_READ, tasks.bytesRead());
    counts = tasks.gpus().isEmpty() ? counts : counts.with(GPUS, tasks.gpus());
    return tasks.computed().isEmpty()
        ? counts
        : counts
            .with(DEVICE, Computed.devices(tasks.computed()))
            .with(PRECISION, Computed.precisions(tasks.computed()));
  }

  /** Returns a count, if it applies. */
  public <T> Optional<T> value(Name<T> name) {
    @SuppressWarnings("unchecked") // only a T is put under this name
    T value = (T) values.get(name.text);
    return Optional.ofNullable(value);
  }

  /** Returns what it was computed on, if it was. */
  public Optional<Computed> computed() {
    return value(DEVICE).flatMap(on -> value(PRECISION).map(in -> new Computed(on, in)));
  }

  /** Hands over each name and value, in the order of names. */
  void forEach(BiConsumer<String, Object> use) {
    values.forEach(use);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counts counts && values.equals(counts.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
