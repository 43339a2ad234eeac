package dev.tidemark.benchmark;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ChartTests {

	@Test
	void barsAreAsLongAsTheirValues() throws Exception {
		Document svg = draw(new Chart.Bar("one", "#111111", Summary.of(100)),
				new Chart.Bar("three", "#333333", Summary.of(300)));

		double one = width(svg, "#111111");
		assertThat(width(svg, "#333333")).isCloseTo(3 * one, within(0.2));
	}

	@Test
	void theAxisEndsBeyondTheLargestValue() throws Exception {
		Document svg = draw(new Chart.Bar("one", "#111111", new Summary(100, 90, 420)));

		assertThat(texts(svg)).contains("0", "100", "200", "500 ms");
	}

	@Test
	void titlesAndValuesAreShown() throws Exception {
		Document svg = draw(new Chart.Bar("a < b & c", "#111111", Summary.of(1234)));

		assertThat(texts(svg)).contains("Title", "Subtitle", "Panel", "a < b & c", "1,234");
	}

	@Test
	void whoFailedHasNoBar() throws Exception {
		Document svg = draw(new Chart.Bar("one", "#111111", null));

		assertThat(texts(svg)).contains("failed");
		assertThat(svg.getElementsByTagName("rect").getLength()).isOne();
	}

	@Test
	void stepsAreRound() {
		assertThat(Chart.Panel.niceStep(420)).isEqualTo(100);
		assertThat(Chart.Panel.niceStep(7)).isEqualTo(2);
		assertThat(Chart.Panel.niceStep(24000)).isEqualTo(5000);
		assertThat(Chart.Panel.niceStep(1)).isEqualTo(0.2);
	}

	private static Document draw(Chart.Bar... bars) throws Exception {
		String svg = new Chart("Title", "Subtitle", List.of(new Chart.Panel("Panel", "ms", List.of(bars)))).svg();
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
	}

	private static double width(Document svg, String color) {
		return elements(svg, "rect").stream()
			.filter((rect) -> rect.getAttribute("fill").equals(color))
			.mapToDouble((rect) -> Double.parseDouble(rect.getAttribute("width")))
			.sum();
	}

	private static List<String> texts(Document svg) {
		return elements(svg, "text").stream().map(Element::getTextContent).toList();
	}

	private static List<Element> elements(Document svg, String name) {
		NodeList nodes = svg.getElementsByTagName(name);
		return IntStream.range(0, nodes.getLength()).mapToObj((i) -> (Element) nodes.item(i)).toList();
	}

}
