package org.chameleon.embedding;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;

import java.io.Serializable;
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
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
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
import scala.Tuple2;

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
    StructType schema = transformSchema(dataset.schema());
    TaskMetrics metrics = TaskMetrics.of(dataset.sparkSession().sparkContext(), uid);
    return embedded(dataset, schema, true, metrics);
  }

  /** As {@link #transform}, without the token ids, with tasks that count what they do. */
  Dataset<Row> embed(Dataset<?> dataset, TaskMetrics metrics) {
    StructType schema = new StructType();
    for (StructField field : transformSchema(dataset.schema()).fields()) {
      schema = field.name().equals($(inputCol)) ? schema : schema.add(field);
    }
    return embedded(dataset, schema, false, metrics);
  }

  private Dataset<Row> embedded(
      Dataset<?> dataset, StructType schema, boolean withIds, TaskMetrics metrics) {
    SparkSession spark = dataset.sparkSession();
    List<String> others = new ArrayList<>(List.of(dataset.schema().fieldNames()));
    int idsIndex = others.indexOf($(inputCol));
    others.remove(idsIndex);
    String batch = $(batchCol);
    Task task =
        new Task(
            proxy,
            Reading.of(proxy, config),
            config.precision(),
            config.device(),
            config.batchTokens(),
            withIds ? idsIndex : -1,
            !config.layers().isEmpty(),
            batch.isEmpty() ? -1 : others.indexOf(batch),
            HadoopSettings.broadcast(spark),
            metrics);
    Dataset<Tuple2<Row, Ids>> rows = primitive(dataset, others);
    StageGpus gpus = new StageGpus(spark.sparkContext(), config.device(), config.gpusPerTask());
    return gpus.asked()
        ? spark.createDataFrame(gpus.given(rows.javaRDD().mapPartitions(task::call)), schema)
        : rows.mapPartitions(task, Encoders.row(schema));
  }

  /** Returns the rows without their token ids, and these beside them, which stay primitive. */
  private Dataset<Tuple2<Row, Ids>> primitive(Dataset<?> dataset, List<String> others) {
    StructType schema = new StructType();
    for (String name : others) {
      schema = schema.add(dataset.schema().apply(name));
    }
    Column[] rest = others.stream().map(name -> quoted(name)).toArray(Column[]::new);
    return dataset
        .select(struct(rest).as("_1"), struct(quoted($(inputCol)).as("ids")).as("_2"))
        .as(Encoders.tuple(Encoders.row(schema), Encoders.bean(Ids.class)));
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** Token ids of a row, in the form that Spark's bean encoder reads without boxing them. */
  public static final class Ids implements Serializable {
    private static final long serialVersionUID = 1L;
    private int[] ids;

    /** Returns the token ids. */
    public int[] getIds() {
      return ids;
    }

    /** Sets the token ids. */
    public void setIds(int[] ids) {
      this.ids = ids;
    }
  }

  /**
   * What is sent to executors.
   *
   * @param idsIndex where the token ids stand among the columns; -1 where they are left out
   * @param batchIndex of the column of batches among the others; -1 where there is none
   */
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
      implements MapPartitionsFunction<Tuple2<Row, Ids>, Row> {

    @Override
    public Iterator<Row> call(Iterator<Tuple2<Row, Ids>> rows) {
      if (!rows.hasNext()) {
        return Collections.emptyIterator();
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
    private final Iterator<Tuple2<Row, Ids>> rows;
    private final Task task;
    private final ProxyEncoder encoder;
    private final List<Tuple2<Row, Ids>> batch = new ArrayList<>();
    private List<float[][]> states = Collections.singletonList(new float[0][]);
    private Tuple2<Row, Ids> ahead;
    private int next;

    Batches(Iterator<Tuple2<Row, Ids>> rows, Task task, ProxyEncoder encoder) {
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
      Row row = batch.get(next)._1;
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        values.add(row.get(i));
      }
      if (task.idsIndex() >= 0) {
        values.add(task.idsIndex(), batch.get(next)._2.getIds());
      }
      values.add(states.get(0)[next]);
      if (task.layers()) {
        values.add(task.reading().others().toArray());
        values.add(others());
      }
      next++;
      return RowFactory.create(values.toArray());
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
        int[] ids = ids(ahead._2);
        int length = Math.max(longest, ids.length);
        boolean full = (long) length * (windows.size() + 1) > task.batchTokens();
        if (!batch.isEmpty() && (full || !sameBatch(batch.get(0)._1, ahead._1))) {
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

    private static int[] ids(Ids row) {
      if (row == null || row.getIds() == null) {
        throw new InvalidInputException("Cannot embed a row whose token ids are null.");
      }
      return row.getIds();
    }
  }
}
