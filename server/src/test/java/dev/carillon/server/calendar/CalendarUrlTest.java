package dev.carillon.server.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.calendar.CalendarUrl.Redirect;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarUrlTest {

  @ParameterizedTest
  @CsvSource({
    "webcal://example.org/h.ics, https://example.org/h.ics",
    "WebCal://example.org/h.ics, https://example.org/h.ics",
    "https://example.org/webcal://, https://example.org/webcal://",
    "http://example.org, http://example.org"
  })
  void webcalIsHttps(String url, String fetched) {
    assertThat(CalendarUrl.fetched(url)).isEqualTo(fetched);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/x/y, https://b.example/z, https://b.example/z",
    "https://a.example/x/y, /z?q=1, https://a.example/z?q=1",
    "https://a.example/x/y, z, https://a.example/x/z",
    "https://a.example, z, https://a.example/z",
    "https://a.example/x, //b.example/z, https://b.example/z",
    "https://a.example/x, webcal://b.example/z, https://b.example/z",
    "https://a.example/x, https://b.example/z#part, https://b.example/z",
    "http://a.example/x, https://b.example/z, https://b.example/z",
    "http://a.example/x, http://b.example/z, http://b.example/z",
    "https://a.example/x, ftp://b.example/z, ftp://b.example/z"
  })
  void aRedirectLeadsWhereABrowserWouldGo(URI from, String location, URI to) {
    assertThat(CalendarUrl.redirect(from, location, false)).isEqualTo(new Redirect.To(to));
  }

  @ParameterizedTest
  @CsvSource({
    "http://b.example/topsecret, it redirects from https to http",
    "HTTP://b.example/topsecret, it redirects from https to http",
    "https://b.example/top secret, it redirects to what is no URL",
    ", it redirects without saying where to"
  })
  void whatIsNotFollowedIsSaidWithoutTheAddress(String location, String reason) {
    assertThat(CalendarUrl.redirect(URI.create("https://a.example/x"), location, false))
        .isEqualTo(new Redirect.Wrong(reason));
  }

  @Test
  void tlsMayBeLeftWhereThatIsAllowed() {
    URI to = URI.create("http://127.0.0.1:4000/h.ics");
    assertThat(CalendarUrl.redirect(URI.create("https://127.0.0.1/"), to.toString(), true))
        .isEqualTo(new Redirect.To(to));
  }
}
