package org.chameleon.report;

import java.util.List;
import java.util.Locale;
import org.chameleon.mixture.Mixture;

/** Bars of the weights with their intervals, beside the share of data and the uniform share. */
final class WeightChart {
  private static final int ROW = 34;
  private static final int LEFT = 150;
  private static final int WIDTH = 560;

  private final Mixture mixture;

  WeightChart(Mixture mixture) {
    this.mixture = mixture;
  }

  String svg() {
    double largest =
        mixture.domains().stream()
            .mapToDouble(d -> Math.max(high(d), d.proportional() == null ? 0 : d.proportional()))
            .max()
            .orElseThrow();
    double scale = WIDTH / largest;
    List<Integer> shown = mixture.shown(Report.MOST_SHOWN);
    int height = ROW * shown.size() + 20;
    StringBuilder svg =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"weights\">%n",
                LEFT + WIDTH + 80,
                height));
    for (int i = 0; i < shown.size(); i++) {
      row(svg, mixture.domains().get(shown.get(i)), 10 + i * ROW, scale);
    }
    double uniform = LEFT + scale / mixture.domains().size();
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"uniform\" x1=\"%.1f\" y1=\"4\" x2=\"%.1f\" y2=\"%d\"/>%n",
            uniform,
            uniform,
            height - 8));
    return svg.append("</svg>").toString();
  }

  /** Where the marks of a domain end: the interval need not hold the weight. */
  private static double high(Mixture.Domain domain) {
    return domain.weightHigh() == null
        ? domain.weight()
        : Math.max(domain.weight(), domain.weightHigh());
  }

  private static void interval(StringBuilder svg, double low, double high, int top) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"interval\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
            low,
            top + 6.5,
            high,
            top + 6.5));
  }

  private static void row(StringBuilder svg, Mixture.Domain domain, int top, double scale) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
            LEFT - 8,
            top + 16,
            Report.escape(domain.name())));
    bar(svg, "weight", top, domain.weight() * scale, 13);
    if (domain.proportional() != null) {
      bar(svg, "data", top + 15, domain.proportional() * scale, 7);
    }
    double high = LEFT + high(domain) * scale;
    if (domain.weightLow() != null) {
      interval(svg, LEFT + domain.weightLow() * scale, LEFT + domain.weightHigh() * scale, top);
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"value\" x=\"%.1f\" y=\"%d\">%s</text>%n",
            high + 6,
            top + 11,
            Report.percent(domain.weight())));
  }

  private static void bar(StringBuilder svg, String kind, int top, double width, int height) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
            kind,
            LEFT,
            top,
            width,
            height));
  }
}
