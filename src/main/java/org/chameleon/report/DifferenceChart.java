package org.chameleon.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.chameleon.evaluation.EvaluatedMixture;
import org.chameleon.evaluation.Findings;

/**
 * Paired differences as a picture: for each mixture and baseline a point and its interval, beside
 * zero and the band of gains that are too small to count.
 */
final class DifferenceChart {
  private static final int ROW = 24;
  private static final int LEFT = 300;
  private static final int WIDTH = 350;
  private static final int RIGHT = 150;
  private static final int LONGEST = 22;
  private static final int TICKS = 4;

  private final List<Line> lines;
  private final double from;
  private final double to;

  /** A comparison; {@code band} is half the width of what does not count. */
  private record Line(
      String mixture, String baseline, EvaluatedMixture.Comparison compared, double band) {
    boolean isKnown() {
      return compared.difference() != null && compared.low() != null && compared.high() != null;
    }
  }

  DifferenceChart(List<EvaluatedMixture> mixtures) {
    this.lines = lines(mixtures);
    double[] ends = lines.stream().flatMapToDouble(DifferenceChart::ends).toArray();
    double least = DoubleStream.of(ends).min().orElse(0);
    double most = DoubleStream.of(ends).max().orElse(0);
    double margin = most > least ? (most - least) / 20 : 1;
    this.from = Math.min(0, least) - margin;
    this.to = Math.max(0, most) + margin;
  }

  private static List<Line> lines(List<EvaluatedMixture> mixtures) {
    Map<String, EvaluatedMixture> byName =
        mixtures.stream().collect(Collectors.toMap(EvaluatedMixture::name, Function.identity()));
    List<Line> lines = new ArrayList<>();
    for (EvaluatedMixture mixture : mixtures) {
      mixture
          .against()
          .forEach(
              (baseline, compared) -> {
                EvaluatedMixture base = byName.get(baseline);
                boolean known = base != null && base.mean() != null;
                double band = known ? Findings.LEAST_GAIN * base.mean() : 0;
                lines.add(new Line(mixture.name(), baseline, compared, band));
              });
    }
    return lines;
  }

  private static DoubleStream ends(Line line) {
    DoubleStream band = DoubleStream.of(-line.band(), line.band());
    return line.isKnown()
        ? DoubleStream.concat(band, DoubleStream.of(line.compared().low(), line.compared().high()))
        : band;
  }

  String svg() {
    int bottom = ROW * lines.size() + 8;
    StringBuilder svg =
        new StringBuilder(
            format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"differences\">%n<title>Differences"
                    + " to the baselines in bits per byte, with their intervals</title>%n",
                LEFT + WIDTH + RIGHT, bottom + 26));
    for (int i = 0; i < lines.size(); i++) {
      row(svg, lines.get(i), 4 + i * ROW);
    }
    svg.append(
        format(
            "<line class=\"zero\" x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\"/>%n",
            x(0), x(0), bottom));
    axis(svg, bottom);
    return svg.append("</svg>").toString();
  }

  private void row(StringBuilder svg, Line line, int top) {
    double middle = top + ROW / 2.0;
    svg.append(
        format(
            "<g><title>%s</title>%n<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
                + " height=\"%d\"/>%n<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s against"
                + " %s</text>%n",
            Report.escape(inWords(line)),
            x(-line.band()),
            top,
            x(line.band()) - x(-line.band()),
            ROW,
            LEFT - 8,
            middle + 4,
            Report.escape(Findings.shortened(line.mixture(), LONGEST)),
            Report.escape(line.baseline())));
    if (line.isKnown()) {
      svg.append(
          format(
              "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n<circle"
                  + " class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n",
              line.compared().verdict(),
              x(line.compared().low()),
              middle,
              x(line.compared().high()),
              middle,
              line.compared().verdict(),
              x(line.compared().difference()),
              middle));
    }
    svg.append(
        format(
            "<text class=\"value\" x=\"%d\" y=\"%.1f\">%s</text></g>%n",
            LEFT + WIDTH + 10,
            middle + 4,
            line.isKnown()
                ? format("%+.4f  %s", line.compared().difference(), line.compared().verdict())
                : "not measured"));
  }

  private static String inWords(Line line) {
    return line.isKnown()
        ? format(
            "%s was %s %s: %+.4f, %+.4f to %+.4f",
            line.mixture(),
            line.compared().verdict().inWords(),
            line.baseline(),
            line.compared().difference(),
            line.compared().low(),
            line.compared().high())
        : line.mixture() + " was not measured against " + line.baseline();
  }

  /** Labels at 1, 2 or 5 times a power of ten. */
  private void axis(StringBuilder svg, int bottom) {
    double rough = (to - from) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step =
        DoubleStream.of(1, 2, 5, 10)
            .map(m -> m * power)
            .filter(s -> s >= rough)
            .min()
            .orElseThrow();
    int decimals = Math.max(0, (int) -Math.floor(Math.log10(step)));
    for (long i = (long) Math.ceil(from / step); i * step <= to; i++) {
      svg.append(
          format(
              "<text class=\"value\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
              x(i * step), bottom + 16, i == 0 ? "0" : format("%+." + decimals + "f", i * step)));
    }
  }

  private double x(double difference) {
    return LEFT + WIDTH * (difference - from) / (to - from);
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
