package dev.tidemark.benchmark;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A picture of bars, one panel below the other, each with a scale of its own. It can be
 * read on light and on dark pages.
 *
 * @param title what is shown
 * @param subtitle how it is to be read
 * @param panels the panels
 */
record Chart(String title, String subtitle, List<Panel> panels) {

	private static final int WIDTH = 760;

	private static final int LEFT = 130;

	private static final int RIGHT = 600;

	private static final int HEADER = 64;

	private static final int PANEL_TITLE = 34;

	private static final int ROW = 28;

	private static final int BAR = 18;

	private static final int AXIS = 30;

	private static final int TICKS = 5;

	private static final String STYLE = """
			<style>
			  .page { fill: #ffffff }
			  text { fill: #1f2328; font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
			  .title { font-size: 17px; font-weight: 600 }
			  .panel { font-weight: 600 }
			  .quiet { fill: #59636e; font-size: 12px }
			  .grid { stroke: #d1d9e0 }
			  .spread { stroke: #1f2328; stroke-width: 1.5 }
			  @media (prefers-color-scheme: dark) {
			    .page { fill: #0d1117 }
			    text { fill: #f0f6fc }
			    .quiet { fill: #9198a1 }
			    .grid { stroke: #3d444d }
			    .spread { stroke: #f0f6fc }
			  }
			</style>
			""";

	/**
	 * Draws the picture.
	 * @return an SVG document
	 */
	String svg() {
		int height = HEADER + this.panels.stream().mapToInt(Panel::height).sum();
		StringBuilder svg = new StringBuilder();
		svg.append("""
				<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
				<title>%3$s</title>
				""".formatted(WIDTH, height, escape(this.title)))
			.append(STYLE)
			.append("<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n".formatted(WIDTH, height))
			.append(text(16, 28, "title", "start", this.title))
			.append(text(16, 48, "quiet", "start", this.subtitle));
		int top = HEADER;
		for (Panel panel : this.panels) {
			panel.draw(svg, top);
			top += panel.height();
		}
		return svg.append("</svg>\n").toString();
	}

	private static String text(double x, double y, String style, String anchor, String content) {
		return "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n".formatted(style, number(x),
				number(y), anchor, escape(content));
	}

	private static String line(double x1, double y1, double x2, double y2, String style) {
		return "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n".formatted(style, number(x1), number(y1),
				number(x2), number(y2));
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, "%.1f", value);
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	/**
	 * Bars that share a scale.
	 *
	 * @param title what they compare
	 * @param unit the unit of their values
	 * @param bars the bars
	 */
	record Panel(String title, String unit, List<Bar> bars) {

		private int height() {
			return PANEL_TITLE + this.bars.size() * ROW + AXIS;
		}

		private double biggest() {
			double biggest = 1;
			for (Bar bar : this.bars) {
				biggest = Math.max(biggest, (bar.value() != null) ? bar.value().max() : 0);
			}
			return biggest;
		}

		/** A step of 1, 2 or 5 times a power of ten, so that readers can calculate. */
		static double niceStep(double biggest) {
			double step = biggest / TICKS;
			double power = Math.pow(10, Math.floor(Math.log10(step)));
			for (double factor : new double[] { 1, 2, 5 }) {
				if (factor * power >= step) {
					return factor * power;
				}
			}
			return 10 * power;
		}

		private void draw(StringBuilder svg, int top) {
			double step = niceStep(biggest());
			int ticks = (int) Math.ceil(biggest() / step);
			double scale = (RIGHT - LEFT) / (step * ticks);
			int first = top + PANEL_TITLE;
			int bottom = first + this.bars.size() * ROW;
			svg.append(text(16, top + 20, "panel", "start", this.title));
			for (int tick = 0; tick <= ticks; tick++) {
				double x = LEFT + tick * step * scale;
				String unit = (tick == ticks) ? " " + this.unit : "";
				svg.append(line(x, first - 4, x, bottom, "grid"))
					.append(text(x, bottom + 15, "quiet", "middle", label(tick * step) + unit));
			}
			for (int row = 0; row < this.bars.size(); row++) {
				this.bars.get(row).draw(svg, first + row * ROW, scale);
			}
		}

		private static String label(double value) {
			return String.format(Locale.ROOT, (value == Math.rint(value)) ? "%,.0f" : "%,.1f", value);
		}

	}

	/**
	 * One bar, with a line from the smallest to the largest value.
	 *
	 * @param label whose it is
	 * @param color its colour
	 * @param value how long it is, or {@code null} if there is nothing to show
	 */
	record Bar(String label, String color, @Nullable Summary value) {

		private void draw(StringBuilder svg, int top, double scale) {
			double middle = top + BAR / 2.0;
			svg.append(text(LEFT - 8, middle + 4.5, "label", "end", this.label));
			if (this.value == null) {
				svg.append(text(LEFT + 8, middle + 4.5, "quiet", "start", "failed"));
				return;
			}
			double end = LEFT + Math.max(this.value.median(), 0) * scale;
			double from = LEFT + Math.max(this.value.min(), 0) * scale;
			double to = LEFT + Math.max(this.value.max(), 0) * scale;
			svg.append("<rect x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\" rx=\"2\" fill=\"%s\"/>\n".formatted(LEFT,
					top, number(end - LEFT), BAR, this.color));
			if (to > from) {
				svg.append(line(from, middle, to, middle, "spread"))
					.append(line(from, middle - 4, from, middle + 4, "spread"))
					.append(line(to, middle - 4, to, middle + 4, "spread"));
			}
			svg.append(text(Math.max(end, to) + 8, middle + 4.5, "value", "start",
					String.format(Locale.ROOT, "%,.0f", this.value.median())));
		}

	}

}
