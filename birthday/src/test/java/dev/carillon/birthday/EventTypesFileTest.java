package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTypesFileTest {

  @Test
  void anEmptyFileMeansBirthdaysOnly() {
    assertThat(parse("[]")).containsExactly(People.BIRTHDAY);
  }

  @Test
  void aTypeIsAddedByConfiguration() {
    List<YearlyEventType> types =
        parse(
            """
            [{"name":"ANNIVERSARY","on":"created_at","local_time":"10:00",
              "message":"{years} years with us"},
             {"name":"NAME_DAY_2","on":"date_of_birth","message":"Hello"}]
            """);

    assertThat(types)
        .containsExactly(
            People.BIRTHDAY,
            new YearlyEventType(
                "ANNIVERSARY",
                FollowedDate.CREATED_AT,
                LocalTime.of(10, 0),
                Template.of("{years} years with us"),
                People.ZONES,
                People.IDS),
            new YearlyEventType(
                "NAME_DAY_2",
                FollowedDate.DATE_OF_BIRTH,
                LocalTime.of(9, 0),
                Template.of("Hello"),
                People.ZONES,
                People.IDS));
  }

  @Test
  void birthdaysMayHaveAnotherTimeAndMessage() {
    List<YearlyEventType> types =
        parse(
            """
            [{"name":"OTHER","on":"created_at","message":"x"},
             {"name":"BIRTHDAY","local_time":"08:30","message":"{age} today"}]
            """);

    assertThat(types).extracting(YearlyEventType::name).containsExactly("BIRTHDAY", "OTHER");
    assertThat(types.getFirst().localTime()).isEqualTo("08:30");
    assertThat(types.getFirst().message()).isEqualTo(Template.of("{age} today"));
    assertThat(parse("[{\"name\":\"BIRTHDAY\",\"on\":\"date_of_birth\"}]"))
        .containsExactly(People.BIRTHDAY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|are not valid JSON",
        "{|are not valid JSON",
        "[] []|are not valid JSON",
        "{}|must be a JSON array of at most 100 entries",
        "null|must be a JSON array of at most 100 entries",
        "[1]|entry 1: must be a JSON object",
        "[{}]|entry 1: name is required",
        "[{'name':'','on':'created_at','message':'x'}]|entry 1: name must be a name such as",
        "[{'name':'small','on':'created_at','message':'x'}]|entry 1: name must be a name such as",
        "[{'name':7,'on':'created_at','message':'x'}]|entry 1: name must be a name such as",
        "[{'name':'A','message':'x'}]|entry 1 (A): on is required: date_of_birth or created_at",
        "[{'name':'A','on':'CREATED_AT','message':'x'}]|entry 1 (A): on must be date_of_birth or",
        "[{'name':'A','on':'created_at'}]|entry 1 (A): message is required",
        "[{'name':'A','on':'created_at','message':'{x}'}]|entry 1 (A): message unknown placeholder",
        "[{'name':'A','on':'created_at','message':''}]|entry 1 (A): message the template has 0",
        "[{'name':'A','on':'created_at','message':'x','local_time':'9'}]|local_time must be a time",
        "[{'name':'A','on':'created_at','message':'x','at':'9'}]|entry 1 (A): at is not a known",
        "[{'name':'A','name':'B','on':'created_at','message':'x'}]|are not valid JSON",
        "[{'name':'BIRTHDAY','on':'created_at'}]|on must be date_of_birth for BIRTHDAY",
        "[{'name':'BIRTHDAY'},{'name':'BIRTHDAY'}]|entry 2: name: BIRTHDAY is entry 1"
      })
  void aMistakeIsNamedByEntryAndField(String json, String problem) {
    assertThatThrownBy(() -> parse(json.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("event types: ")
        .hasMessageContaining(problem);
  }

  @Test
  void thereIsAnEndToTypes() {
    String entries =
        IntStream.rangeClosed(1, EventTypesFile.MAX_TYPES + 1)
            .mapToObj(
                i -> "{\"name\":\"T%d\",\"on\":\"created_at\",\"message\":\"x\"}".formatted(i))
            .collect(Collectors.joining(",", "[", "]"));

    assertThatThrownBy(() -> parse(entries)).hasMessageContaining("at most 100 entries");
  }

  private static List<YearlyEventType> parse(String json) {
    return EventTypesFile.parse(json, People.ZONES, People.IDS);
  }
}
