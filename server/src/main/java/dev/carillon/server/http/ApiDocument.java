package dev.carillon.server.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Adds to the OpenAPI document what all operations share: problem documents and how to log in. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ApiDocument implements OASFilter {

  private static final String PROBLEM = "Problem";
  private static final String API_KEY = "apiKey";
  private static final String BEARER = "bearer";
  private static final Map<String, String> PROBLEMS =
      Map.of(
          "400", "The request is wrong; errors names the fields",
          "401", "Nobody known: send a bearer token or an x-api-key",
          "403", "Known, but not allowed",
          "404", "There is no such thing",
          "429", "Too many requests: Retry-After says when to come again");

  @Override
  public void filterOpenAPI(OpenAPI document) {
    if (document.getComponents() == null) {
      document.setComponents(OASFactory.createComponents());
    }
    document.getComponents().addSchema(PROBLEM, problem());
    document
        .getComponents()
        .addSecurityScheme(
            BEARER,
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .bearerFormat("JWT"))
        .addSecurityScheme(
            API_KEY,
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(SecurityScheme.In.HEADER)
                .name("x-api-key"));
    document
        .getPaths()
        .getPathItems()
        .forEach((path, item) -> {
          if (path.startsWith("/v1/")) {
            item.getOperations().values().forEach(ApiDocument::complete);
          }
        });
  }

  private static void complete(Operation operation) {
    PROBLEMS.forEach((status, description) ->
        operation.getResponses().addAPIResponse(status, response(description)));
    operation.setSecurity(
        List.of(
            OASFactory.createSecurityRequirement().addScheme(BEARER),
            OASFactory.createSecurityRequirement().addScheme(API_KEY)));
  }

  private static APIResponse response(String description) {
    return OASFactory.createAPIResponse()
        .description(description)
        .content(
            OASFactory.createContent()
                .addMediaType(
                    Problem.MEDIA_TYPE,
                    OASFactory.createMediaType().schema(OASFactory.createSchema().ref(PROBLEM))));
  }

  private static Schema problem() {
    Schema error =
        object()
            .addProperty("field", text("the field's name"))
            .addProperty("detail", text("what is allowed"))
            .addProperty(
                "column",
                OASFactory.createSchema()
                    .type(List.of(Schema.SchemaType.INTEGER))
                    .description("where in the field's text it is wrong, from 1; often left out"));
    return object()
        .description("What went wrong: a problem document of RFC 9457")
        .addProperty("type", text("names the kind of problem to programs"))
        .addProperty("title", text("the kind of problem"))
        .addProperty("status", OASFactory.createSchema().type(List.of(Schema.SchemaType.INTEGER)))
        .addProperty("detail", text("what happened this time"))
        .addProperty("instance", text("the path of the request"))
        .addProperty("request_id", text("finds the request's log lines"))
        .addProperty(
            "errors",
            OASFactory.createSchema().type(List.of(Schema.SchemaType.ARRAY)).items(error));
  }

  private static Schema object() {
    return OASFactory.createSchema().type(List.of(Schema.SchemaType.OBJECT));
  }

  private static Schema text(String description) {
    return OASFactory.createSchema()
        .type(List.of(Schema.SchemaType.STRING))
        .description(description);
  }
}
