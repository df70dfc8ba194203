package dev.carillon.webhook.http;

import org.jspecify.annotations.Nullable;

/**
 * How one endpoint is spoken to over TLS.
 *
 * @param clientCertificatePem what we show; null if nothing
 * @param clientKeyPem its key, PKCS#8; null if nothing is shown
 * @param caPem whom we trust; null if whomever the system trusts
 */
public record ClientTls(
    @Nullable String clientCertificatePem, @Nullable String clientKeyPem, @Nullable String caPem) {

  public ClientTls {
    if ((clientCertificatePem == null) != (clientKeyPem == null)) {
      throw new IllegalArgumentException("a client certificate and its key belong together");
    }
  }

  @Override
  public String toString() {
    return "ClientTls[hidden]";
  }
}
