package org.chameleon.embedding;

import java.io.Serializable;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;

/** The exact sum of a column of vectors, as an aggregate of Spark SQL. */
public final class ExactSum extends Aggregator<ExactSum.Vector, ExactSums, ExactSum.State> {
  private static final long serialVersionUID = 1L;

  /** Returns the aggregate: {@code array<double>} to {@code struct<samples, width, sums>}. */
  static UserDefinedFunction function() {
    return functions.udaf(new ExactSum(), Encoders.bean(Vector.class));
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

  /** A sum and how many vectors went into it, in the form that Spark's bean encoder writes. */
  public static final class State implements Serializable {
    private static final long serialVersionUID = 1L;
    private long samples;
    private int width;
    private double[] sums;

    /** Returns the number of vectors. */
    public long getSamples() {
      return samples;
    }

    /** Sets the number of vectors. */
    public void setSamples(long samples) {
      this.samples = samples;
    }

    /** Returns the number of coordinates. */
    public int getWidth() {
      return width;
    }

    /** Sets the number of coordinates. */
    public void setWidth(int width) {
      this.width = width;
    }

    /** Returns the terms of the sums, as {@link ExactSums} has them. */
    public double[] getSums() {
      return sums;
    }

    /** Sets the terms of the sums. */
    public void setSums(double[] sums) {
      this.sums = sums;
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
  public State finish(ExactSums sums) {
    State state = new State();
    state.setSamples(sums.count());
    state.setWidth(sums.getWidth());
    state.setSums(sums.getTerms());
    return state;
  }

  @Override
  public Encoder<ExactSums> bufferEncoder() {
    return Encoders.bean(ExactSums.class);
  }

  @Override
  public Encoder<State> outputEncoder() {
    return Encoders.bean(State.class);
  }
}
