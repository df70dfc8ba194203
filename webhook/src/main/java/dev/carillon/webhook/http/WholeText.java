package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;

/** The whole body of a response as a text. */
final class WholeText {

  private WholeText() {}

  /**
   * Reads it.
   *
   * @throws ExchangeFailure if it is longer than {@code mostBytes}, compressed, or not UTF-8
   * @throws IOException if it breaks off
   */
  static String of(ClassicHttpResponse response, int mostBytes) throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return "";
    }
    String encoding = entity.getContentEncoding();
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw failure("the response is compressed, which was not asked for");
    }
    byte[] bytes = entity.getContent().readNBytes(mostBytes + 1);
    if (bytes.length > mostBytes) {
      throw failure("the response is longer than %d bytes".formatted(mostBytes));
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw failure("the response is not UTF-8");
    }
  }

  private static ExchangeFailure failure(String reason) {
    return new ExchangeFailure(Fault.ENDPOINT, reason);
  }
}
