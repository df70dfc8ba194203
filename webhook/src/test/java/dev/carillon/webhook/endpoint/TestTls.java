package dev.carillon.webhook.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.webhook.http.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** A certificate and its key, made for these tests alone. */
final class TestTls {

  static final String CERTIFICATE = read("client.pem");
  static final String KEY = read("client-key.pem");
  static final ClientTls CLIENT = new ClientTls(CERTIFICATE, KEY, null);
  static final ClientTls ALL = new ClientTls(CERTIFICATE, KEY, CERTIFICATE);

  private TestTls() {}

  private static String read(String file) {
    try (InputStream in = TestTls.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
