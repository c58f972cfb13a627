using System.Text;
using Mayu.Core.Tests.Yaml;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

public sealed class ConfigurationYamlTests : IDisposable
{
    private const string Valid = """
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
          internal_range: {start: 10.0.0.10, end: 10.0.0.99}
        defaults: {image: os-1}
        profiles: [{name: core, quantity: 2}]

        """;

    private readonly string _file = Path.GetTempFileName();

    // `mayu config check` ended with a stack overflow at the first of them.
    [Theory]
    [InlineData("vars: &v {a: *v}", 9, "inside the node that it refers to")]
    [InlineData("vars: {a: &a [*a]}", 9, "inside the node that it refers to")]
    [InlineData("vars: {a: *nobody}", 9, "no anchor")]
    [InlineData("vars: {a: !secret x}", 9, "tag")]
    [InlineData("vars: {a: 1, a: 2}", 9, "this key is on line 9 already")]
    [InlineData("vars: {a: 1}\n---\nvars: {}", 10, "more than one YAML document")]
    [InlineData("vars: {a: \"b\0c\"}", 9, "U+0000")]
    public void A_file_that_is_no_bounded_document_is_refused_with_its_line(string more, int line, string expected)
    {
        var problem = Assert.Single(Problems(more));
        Assert.StartsWith($"{_file}:{line}: ", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    // A letter became U+FFFD without a word; of UTF-16 it was said to write its NULs as escapes.
    [Theory]
    [InlineData("iso-8859-1", 9)]
    [InlineData("utf-16", 1)]
    public void A_file_that_is_no_utf8_is_refused_with_its_line(string encoding, int line)
    {
        File.WriteAllText(_file, Valid + "vars: {a: Müller}\n", Encoding.GetEncoding(encoding));
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        Assert.Contains($"its line {line} is not UTF-8", Assert.Single(reader.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_and_aliases_of_the_configuration_are_bounded()
    {
        Assert.Contains("deep", Assert.Single(Problems("vars: {a: " + new string('[', 100_000))), StringComparison.Ordinal);
        var laughs = "vars:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(i => $"  a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.Contains("nodes", Assert.Single(Problems(laughs)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vars: {a: {b: [ok, yes]}}", "vars.a.b[1]: `yes` is true in YAML 1.1 and a string in YAML 1.2: write true or \"yes\"")]
    [InlineData("vars: {a: 00123}", "vars.a: a number that begins with 0")]
    [InlineData("vars: {a: 12:30}", "vars.a: digits with colons")]
    [InlineData("vars:\n  <<: {a: 1}", "vars: `<<` merges maps")]
    [InlineData("vars: {a: .inf}", "vars.a: JSON has no infinite number")]
    [InlineData("vars: {on: 1}", "vars: `on` is true")]
    [InlineData("boot: {port: 0644}", "boot.port: \"0644\": a number that begins with 0")]
    [InlineData("git: {enabled: yes}", "git.enabled: \"yes\": `yes` is true")]
    [InlineData("git:\n  <<: {enabled: false}", "git.<<: there is no such key: `<<` merges maps")]
    [InlineData("tftp_root: no", "tftp_root: \"no\": `no` is false")]
    public void What_two_generations_read_differently_is_refused_with_file_line_and_key(string more, string expected)
    {
        var problems = Problems(more);
        Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal) && problem.StartsWith($"{_file}:", StringComparison.Ordinal));
    }

    [Fact]
    public void All_doubts_are_told_at_once() => Assert.Equal(3, Problems("vars: {a: yes, b: 0644, c: 1_000}").Count);

    [Fact]
    public void Aliases_and_the_other_spellings_of_the_core_schema_are_read()
    {
        var configuration = Bind("git: {enabled: TRUE, push: Null}\nvars: {a: &a [1.30, 0x1A4], b: *a, c: \"yes\", mac: '52:54:00:00:00:01', version: 1.30}", out var problems);

        Assert.Empty(problems);
        Assert.Equal((true, null), (configuration!.KeepsHistory, configuration.PushRemote));
        Assert.Equal(
            """{"a":[1.30,420],"b":[1.30,420],"c":"yes","mac":"52:54:00:00:00:01","version":1.30}""",
            YamlToJson.Convert(configuration.Variables)!.ToJsonString());
    }

    // Its key says that it is a MAC, so nobody takes it for a number.
    [Fact]
    public void A_mac_of_digits_needs_no_quotes_where_a_mac_is_asked_for() =>
        Assert.Empty(Problems("dhcp: {reservations: [{mac: 52:54:00:12:34:56, address: 10.0.0.250}]}"));

    public void Dispose() => File.Delete(_file);

    private List<string> Problems(string more)
    {
        Bind(more, out var problems);
        return problems;
    }

    private MayuConfiguration? Bind(string more, out List<string> problems)
    {
        File.WriteAllText(_file, Valid + more);
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader);
        problems = [.. reader.Problems.Select(problem => problem.ToString())];
        return configuration;
    }
}
