package org.chameleon.training;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.chameleon.model.family.Gpt2Family;

/** GPT-2's loss in plain float64 loops, from the definition: an oracle for tiny models. */
final class PlainGpt2 {
  private final Gpt2Family.Sizes shape;
  private final ModelState state;

  PlainGpt2(Gpt2Family.Sizes shape, ModelState state) {
    this.shape = shape;
    this.state = state;
  }

  /** Returns the mean cross entropy of the next token in nats. */
  double loss(int[] ids) {
    int length = ids.length - 1;
    double[][] states = new double[length][];
    for (int t = 0; t < length; t++) {
      states[t] = sum(row("wte.weight", ids[t]), row("wpe.weight", t));
    }
    for (int i = 0; i < shape.layers(); i++) {
      block(states, "h." + i + ".");
    }
    double total = 0;
    for (int t = 0; t < length; t++) {
      double[] last = norm(states[t], "ln_f");
      double[] logits = new double[shape.vocabulary()];
      String output = shape.tied() ? "wte.weight" : "lm_head.weight";
      double sum = 0;
      for (int id = 0; id < logits.length; id++) {
        logits[id] = dot(last, row(output, id));
        sum += Math.exp(logits[id]);
      }
      total += Math.log(sum) - logits[ids[t + 1]];
    }
    return total / length;
  }

  private void block(double[][] states, String name) {
    double[][] mixed = new double[states.length][];
    for (int t = 0; t < states.length; t++) {
      mixed[t] = linear(norm(states[t], name + "ln_1"), name + "attn.c_attn");
    }
    for (int t = states.length - 1; t >= 0; t--) {
      states[t] = sum(states[t], linear(attention(mixed, t), name + "attn.c_proj"));
      double[] inner = linear(norm(states[t], name + "ln_2"), name + "mlp.c_fc");
      for (int j = 0; j < inner.length; j++) {
        inner[j] = activation().applyAsDouble(inner[j]);
      }
      states[t] = sum(states[t], linear(inner, name + "mlp.c_proj"));
    }
  }

  private double[] attention(double[][] mixed, int at) {
    int width = shape.width();
    int head = width / shape.heads();
    double[] result = new double[width];
    for (int start = 0; start < width; start += head) {
      double[] weights = new double[at + 1];
      double sum = 0;
      for (int t = 0; t <= at; t++) {
        double score = 0;
        for (int j = start; j < start + head; j++) {
          score += mixed[at][j] * mixed[t][width + j];
        }
        weights[t] = Math.exp(score / Math.sqrt(head));
        sum += weights[t];
      }
      for (int t = 0; t <= at; t++) {
        for (int j = start; j < start + head; j++) {
          result[j] += weights[t] / sum * mixed[t][2 * width + j];
        }
      }
    }
    return result;
  }

  private DoubleUnaryOperator activation() {
    return switch (shape.activation()) {
      case GELU_TANH ->
          x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case GELU -> x -> x / 2 * (1 + Erf.erf(x / Math.sqrt(2)));
      case RELU -> x -> Math.max(x, 0);
      case SILU -> x -> x / (1 + Math.exp(-x));
    };
  }

  private double[] norm(double[] x, String name) {
    double mean = 0;
    double variance = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double[] result = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      double scaled = (x[j] - mean) / Math.sqrt(variance + shape.epsilon());
      result[j] = scaled * value(name + ".weight", j) + value(name + ".bias", j);
    }
    return result;
  }

  private double[] linear(double[] x, String name) {
    int out = state.tensors().get(name + ".bias").values().length;
    double[] result = new double[out];
    for (int j = 0; j < out; j++) {
      result[j] = value(name + ".bias", j);
      for (int i = 0; i < x.length; i++) {
        result[j] += x[i] * value(name + ".weight", i * out + j);
      }
    }
    return result;
  }

  private double[] row(String name, int row) {
    double[] result = new double[shape.width()];
    for (int j = 0; j < result.length; j++) {
      result[j] = value(name, row * result.length + j);
    }
    return result;
  }

  private double value(String name, int index) {
    return state.tensors().get(name).values()[index];
  }

  private static double[] sum(double[] a, double[] b) {
    double[] result = new double[a.length];
    for (int j = 0; j < a.length; j++) {
      result[j] = a[j] + b[j];
    }
    return result;
  }

  private static double dot(double[] a, double[] b) {
    double result = 0;
    for (int j = 0; j < a.length; j++) {
      result += a[j] * b[j];
    }
    return result;
  }
}
