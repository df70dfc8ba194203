package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;

/**
 * The first part of a response's body.
 *
 * @param text what could be read of it, as UTF-8
 * @param whole whether that is all, so that the connection is ready for the next response
 */
record BodyStart(String text, boolean whole) {

  /** The most that is read, in bytes; the connection is dropped for more. */
  static final int MAX_BYTES = 4096;

  /** Reads it. The status decides, so a body that breaks off is no failure. */
  static BodyStart of(ClassicHttpResponse response) {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new BodyStart("", true);
    }
    byte[] buffer = new byte[MAX_BYTES];
    int length = 0;
    int read = 0;
    try {
      InputStream content = entity.getContent();
      while (length < MAX_BYTES && (read = content.read(buffer, length, MAX_BYTES - length)) >= 0) {
        length += read;
      }
    } catch (IOException _) {
      read = 0;
    }
    return new BodyStart(new String(buffer, 0, length, UTF_8), read < 0);
  }
}
