package dev.carillon.server;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Map;

/** Spike. */
@Path("/hello")
public final class Hello {
  /** Spike. */
  @GET
  @RunOnVirtualThread
  public Map<String, String> hello() {
    return Map.of("thread", Thread.currentThread().toString());
  }
}
