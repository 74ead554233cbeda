package org.chameleon.embedding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.chameleon.cluster.StageGpus;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.Precision;
import org.chameleon.storage.HadoopSettings;

/**
 * Adds a column of embeddings to any table with a column of token ids: a Spark ML stage, usable on
 * its own. Where more hidden states are read, they are in the columns {@link Samples#LAYERS} and
 * {@link Samples#OTHERS}.
 *
 * <p>Rows go through the model in batches, in the order of the partition. A batch ends at {@code
 * batchTokens}, and where the value of the batch column changes if one is set; the last bits of an
 * embedding depend on the shape of its batch, so a caller who wants them reproduced sets that
 * column.
 */
public final class EmbeddingTransformer extends Transformer {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> batchCol;
  private final Checkpoint proxy;
  private final EmbeddingConfig config;

  /** Creates a transformer from {@code ids} to {@code embedding}. */
  public EmbeddingTransformer(Checkpoint proxy, EmbeddingConfig config) {
    this(Identifiable$.MODULE$.randomUID("embedding"), proxy, config);
  }

  private EmbeddingTransformer(String uid, Checkpoint proxy, EmbeddingConfig config) {
    this.uid = uid;
    this.proxy = proxy;
    this.config = config;
    this.inputCol = new Param<>(this, "inputCol", "column of token ids, array<int>");
    this.outputCol = new Param<>(this, "outputCol", "column of embeddings, array<float>");
    this.batchCol = new Param<>(this, "batchCol", "column whose change ends a batch");
    setDefault(inputCol, "ids");
    setDefault(outputCol, Samples.EMBEDDING);
    setDefault(batchCol, "");
  }

  /** Returns the parameter that names the column of token ids. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Returns the parameter that names the column of embeddings. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** Returns the parameter that names the column of batches; empty when there is none. */
  public Param<String> batchCol() {
    return batchCol;
  }

  /** Sets the column of token ids, {@code array<int>}. */
  public EmbeddingTransformer setInputCol(String name) {
    set(inputCol, name);
    return this;
  }

  /** Sets the column that is added, {@code array<float>}. */
  public EmbeddingTransformer setOutputCol(String name) {
    set(outputCol, name);
    return this;
  }

  /** Sets the column whose change ends a batch. */
  public EmbeddingTransformer setBatchCol(String name) {
    set(batchCol, name);
    return this;
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Transformer copy(ParamMap extra) {
    return copyValues(new EmbeddingTransformer(uid, proxy, config), extra);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    String input = $(inputCol);
    List<String> names = List.of(schema.fieldNames());
    if (!names.contains(input)) {
      throw new InvalidInputException(
          "Cannot embed: no column '%s' in %s. Set the input column.".formatted(input, names));
    }
    DataType type = schema.apply(input).dataType();
    if (!(type instanceof ArrayType array && array.elementType().equals(DataTypes.IntegerType))) {
      throw new InvalidInputException(
          "Cannot embed column '%s': it is %s, not array<int>.".formatted(input, type.sql()));
    }
    if (names.contains($(outputCol))) {
      throw new InvalidInputException(
          "Cannot embed into column '%s': the table has one.".formatted($(outputCol)));
    }
    StructType one =
        schema.add($(outputCol), DataTypes.createArrayType(DataTypes.FloatType, false), false);
    return config.layers().isEmpty() ? one : Samples.withOthers(one);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return embed(dataset, TaskMetrics.of(dataset.sparkSession().sparkContext(), uid));
  }

  /** As {@link #transform}, with tasks that count what they do. */
  Dataset<Row> embed(Dataset<?> dataset, TaskMetrics metrics) {
    StructType schema = transformSchema(dataset.schema());
    String batch = $(batchCol);
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(dataset.sparkSession());
    Task task =
        new Task(
            proxy,
            Reading.of(proxy, config),
            config.precision(),
            config.device(),
            config.batchTokens(),
            dataset.schema().fieldIndex($(inputCol)),
            !config.layers().isEmpty(),
            batch.isEmpty() ? -1 : dataset.schema().fieldIndex(batch),
            hadoop,
            metrics);
    SparkSession spark = dataset.sparkSession();
    StageGpus gpus = new StageGpus(spark.sparkContext(), config.device(), config.gpusPerTask());
    return gpus.asked()
        ? spark.createDataFrame(
            gpus.given(dataset.toDF().javaRDD().mapPartitions(task::call)), schema)
        : dataset.toDF().mapPartitions(task, Encoders.row(schema));
  }

  /** What is sent to executors. */
  private record Task(
      Checkpoint proxy,
      Reading reading,
      Precision precision,
      String device,
      int batchTokens,
      int idsIndex,
      boolean layers,
      int batchIndex,
      Broadcast<SerializableConfiguration> hadoop,
      TaskMetrics metrics)
      implements MapPartitionsFunction<Row, Row> {

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      if (!rows.hasNext()) {
        return rows;
      }
      ModelProgram.useThreads(Math.max(1, TaskContext.get().cpus()));
      Configuration configuration = hadoop.value().value();
      ComputeDevice chosen = ComputeDevice.ofTask(device);
      ProxyEncoder encoder = ProxyEncoder.of(proxy, reading, precision, chosen, configuration);
      TaskContext.get()
          .addTaskCompletionListener((TaskCompletionListener) ended -> encoder.close());
      metrics.computesOn(encoder.device().toString(), encoder.format());
      return new Batches(rows, this, encoder);
    }
  }

  /** Pulls rows until a batch is full, embeds them, and hands them out one by one. */
  private static final class Batches implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Task task;
    private final ProxyEncoder encoder;
    private final List<Row> batch = new ArrayList<>();
    private List<float[][]> states = Collections.singletonList(new float[0][]);
    private Row ahead;
    private int next;

    Batches(Iterator<Row> rows, Task task, ProxyEncoder encoder) {
      this.rows = rows;
      this.task = task;
      this.encoder = encoder;
      this.ahead = rows.next();
    }

    @Override
    public boolean hasNext() {
      return next < states.get(0).length || ahead != null;
    }

    @Override
    public Row next() {
      if (next == states.get(0).length) {
        if (ahead == null) {
          throw new NoSuchElementException();
        }
        fill();
      }
      Row row = batch.get(next);
      Object[] values = new Object[row.length() + (task.layers() ? 3 : 1)];
      for (int i = 0; i < row.length(); i++) {
        values[i] = row.get(i);
      }
      values[row.length()] = states.get(0)[next];
      if (task.layers()) {
        values[row.length() + 1] = task.reading().others().toArray();
        values[row.length() + 2] = others();
      }
      next++;
      return RowFactory.create(values);
    }

    private float[] others() {
      int width = states.size() > 1 ? states.get(1)[next].length : 0;
      float[] others = new float[width * (states.size() - 1)];
      for (int i = 1; i < states.size(); i++) {
        System.arraycopy(states.get(i)[next], 0, others, width * (i - 1), width);
      }
      return others;
    }

    private void fill() {
      batch.clear();
      List<int[]> windows = new ArrayList<>();
      int longest = 0;
      while (ahead != null) {
        int[] ids = ids(ahead);
        int length = Math.max(longest, ids.length);
        boolean full = (long) length * (windows.size() + 1) > task.batchTokens();
        if (!batch.isEmpty() && (full || !sameBatch(batch.get(0), ahead))) {
          break;
        }
        longest = length;
        batch.add(ahead);
        windows.add(ids);
        ahead = rows.hasNext() ? rows.next() : null;
      }
      TaskMetrics.Work work = task.metrics().start();
      states = encoder.states(windows);
      work.done(windows.size(), windows.stream().mapToLong(ids -> ids.length).sum());
      next = 0;
    }

    private boolean sameBatch(Row first, Row row) {
      return task.batchIndex() < 0
          || Objects.equals(first.get(task.batchIndex()), row.get(task.batchIndex()));
    }

    private int[] ids(Row row) {
      if (row.isNullAt(task.idsIndex())) {
        throw new InvalidInputException("Cannot embed a row whose token ids are null.");
      }
      List<Integer> list = row.getList(task.idsIndex());
      int[] ids = new int[list.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = list.get(i);
      }
      return ids;
    }
  }
}
