using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Yaml;

public class CoreSchemaTests
{
    // YAML 1.2 §10.3.2. What was read otherwise before: 0x1A4, True, Null, -1.5, .5, !!str 12, and every number with more digits than a double.
    [Theory]
    [InlineData("0x1A4", "420")]
    [InlineData("0o644", "420")]
    [InlineData("420", "420")]
    [InlineData("+420", "420")]
    [InlineData("-0", "-0")]
    [InlineData("0", "0")]
    [InlineData("-1.5", "-1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("+.5", "0.5")]
    [InlineData("-.5e3", "-0.5e3")]
    [InlineData("5.", "5.0")]
    [InlineData("1.30", "1.30")]
    [InlineData("01.5", "1.5")]
    [InlineData("1e3", "1e3")]
    [InlineData("1234567e8", "1234567e8")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827")]
    [InlineData("True", "true")]
    [InlineData("TRUE", "true")]
    [InlineData("False", "false")]
    [InlineData("Null", "null")]
    [InlineData("NULL", "null")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("!!str 0644", "\"0644\"")]
    [InlineData("! 12", "\"12\"")]
    [InlineData("!!str", "\"\"")]
    [InlineData("!!int 12", "12")]
    [InlineData("!!float 12", "12")]
    [InlineData("!!null null", "null")]
    [InlineData("\"yes\"", "\"yes\"")]
    [InlineData("'0644'", "\"0644\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("10.0.0.1", "\"10.0.0.1\"")]
    [InlineData("tRue", "\"tRue\"")]
    [InlineData("0o8", "\"0o8\"")]
    [InlineData("0xfg", "\"0xfg\"")]
    [InlineData("1e", "\"1e\"")]
    [InlineData("yes please", "\"yes please\"")]
    [InlineData("52:54:00:ab:00:01", "\"52:54:00:ab:00:01\"")]
    public void A_scalar_has_the_type_that_the_core_schema_says(string yaml, string json) =>
        Assert.Equal(json, Json(yaml));

    [Theory]
    [InlineData("yes", "true in YAML 1.1")]
    [InlineData("YES", "write true or \"YES\"")]
    [InlineData("on", "write true or \"on\"")]
    [InlineData("y", "write true or \"y\"")]
    [InlineData("No", "write false or \"No\"")]
    [InlineData("off", "write false or \"off\"")]
    [InlineData("N", "false in YAML 1.1")]
    [InlineData("0644", "octal in YAML 1.1 and decimal in YAML 1.2")]
    [InlineData("00123", "in quotes if it is a string")]
    [InlineData("-0644", "octal")]
    [InlineData("089", "octal")]
    [InlineData("1:30", "base 60")]
    [InlineData("52:54:00:12:34:56", "base 60")]
    [InlineData("190:20:30.15", "base 60")]
    [InlineData("1_000", "without underscores")]
    [InlineData("1_000.5", "without underscores")]
    [InlineData("0b1010", "a number in YAML 1.1")]
    [InlineData("-0x1F", "a number in YAML 1.1")]
    [InlineData("2001-12-14", "a time in YAML 1.1")]
    [InlineData("2001-12-14t21:59:43.10-05:00", "a time in YAML 1.1")]
    [InlineData("<<", "merges maps in YAML 1.1")]
    [InlineData("=", "a special value in YAML 1.1")]
    [InlineData("!!int abc", "does not match its tag")]
    [InlineData("!!bool yes", "true in YAML 1.1")]
    [InlineData("!!bool 1", "does not match its tag")]
    [InlineData(".inf", "JSON has no infinite number")]
    [InlineData(".NaN", "JSON has no infinite number")]
    public void What_two_generations_read_differently_is_refused_with_the_way_to_write_it(string yaml, string expected)
    {
        foreach (var (document, path) in new[] { ($"a:\n  - b: {yaml}", "a[0].b"), ($"a:\n  - {yaml}: b", "a[0]") })
        {
            var fault = Assert.Throws<YamlFaultException>(() => Json(document));
            Assert.Contains(expected, fault.Problem, StringComparison.Ordinal);
            Assert.Equal((2, path), (fault.Line, fault.Path));
        }
    }

    // A document that goes on to cloud-init is read there as YAML 1.1.
    [Theory]
    [InlineData("0o644", true)]
    [InlineData("1e3", true)]
    [InlineData("1.5e3", true)]
    [InlineData("1.5e+3", false)]
    [InlineData(".inf", false)]
    [InlineData("0x1A4", false)]
    [InlineData("1.30", false)]
    [InlineData("True", false)]
    public void A_document_for_both_generations_has_no_number_that_is_a_text_to_one(string yaml, bool isRefused)
    {
        var faults = CoreSchema.Faults(YamlLoader.Load($"a: {yaml}")!, use: YamlUse.Document).ToList();
        Assert.Equal(isRefused, faults.Count == 1);
    }

    [Fact]
    public void All_faults_are_told()
    {
        var faults = CoreSchema.Faults(YamlLoader.Load("a: yes\nb: [0644, ok]\non: 1\nc: {~: x}")!, "vars");
        Assert.Equal([(1, "vars.a"), (2, "vars.b[0]"), (3, "vars"), (4, "vars.c")], faults.Select(fault => (fault.Line, fault.Path)));
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("0xFFFFFFFFFFFFFFFFF")]
    [InlineData("1e999")]
    public void A_number_that_no_machine_reads_is_refused(string yaml) => Assert.Contains("64 bits", Assert.Throws<YamlFaultException>(() => Json(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_number_of_any_length_costs_nothing()
    {
        var fault = Assert.Throws<YamlFaultException>(() => Json(new string('9', 1_000_000)));
        Assert.Contains("at most 100 characters", fault.Message, StringComparison.Ordinal);
    }

    private static string Json(string yaml) => YamlToJson.Convert(YamlLoader.Load(yaml))?.ToJsonString() ?? "null";
}
