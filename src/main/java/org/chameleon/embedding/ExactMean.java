package org.chameleon.embedding;

import java.io.Serializable;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;

/** The exact mean of a column of vectors, as an aggregate of Spark SQL. */
public final class ExactMean extends Aggregator<ExactMean.Vector, ExactSums, ExactMean.Mean> {
  private static final long serialVersionUID = 1L;

  /** Returns the aggregate: {@code array<double>} to {@code struct<mean, samples>}. */
  static UserDefinedFunction function() {
    return functions.udaf(new ExactMean(), Encoders.bean(Vector.class));
  }

  /** One row's vector, in the form that Spark's bean encoder reads. */
  public static final class Vector implements Serializable {
    private static final long serialVersionUID = 1L;
    private double[] embedding;

    /** Returns the vector. */
    public double[] getEmbedding() {
      return embedding;
    }

    /** Sets the vector. */
    public void setEmbedding(double[] embedding) {
      this.embedding = embedding;
    }
  }

  /** The mean and how many vectors went into it, in the form that Spark's bean encoder writes. */
  public static final class Mean implements Serializable {
    private static final long serialVersionUID = 1L;
    private double[] mean;
    private long samples;

    /** Returns the mean of each coordinate. */
    public double[] getMean() {
      return mean;
    }

    /** Sets the mean. */
    public void setMean(double[] mean) {
      this.mean = mean;
    }

    /** Returns the number of vectors. */
    public long getSamples() {
      return samples;
    }

    /** Sets the number of vectors. */
    public void setSamples(long samples) {
      this.samples = samples;
    }
  }

  @Override
  public ExactSums zero() {
    return new ExactSums();
  }

  @Override
  public ExactSums reduce(ExactSums sums, Vector vector) {
    sums.add(vector.getEmbedding());
    return sums;
  }

  @Override
  public ExactSums merge(ExactSums left, ExactSums right) {
    left.merge(right);
    return left;
  }

  @Override
  public Mean finish(ExactSums sums) {
    Mean mean = new Mean();
    mean.setMean(sums.mean());
    mean.setSamples(sums.count());
    return mean;
  }

  @Override
  public Encoder<ExactSums> bufferEncoder() {
    return Encoders.bean(ExactSums.class);
  }

  @Override
  public Encoder<Mean> outputEncoder() {
    return Encoders.bean(Mean.class);
  }
}
