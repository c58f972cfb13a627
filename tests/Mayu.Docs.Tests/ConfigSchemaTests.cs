using System.Globalization;
using System.Text.Json.Nodes;
using Mayu.Core.Yaml;
using Mayu.Server.Configuration;

namespace Mayu.Docs.Tests;

/// <summary>`mayu config schema` prints a JSON Schema that takes the configurations that the server takes, by a validator from elsewhere.</summary>
public class ConfigSchemaTests
{
    // Prints nothing for a configuration that the schema takes, else the path of each error. Debian's python3-jsonschema is for Debian's Python.
    private const string Validator = """
        import json, sys
        from jsonschema import Draft202012Validator
        schema, value = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
        Draft202012Validator.check_schema(schema)
        for error in Draft202012Validator(schema).iter_errors(value):
            print(".".join(str(step) for step in error.absolute_path), error.validator)
        """;

    private const string Least = """
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: { start: 10.0.0.100, end: 10.0.0.199 }
          internal_range: { start: 10.0.0.10, end: 10.0.0.99 }
        defaults: { image: "3510.2" }
        """;

    // Printed once for all tests.
    private static readonly Lazy<Task<string>> Printed = new(PrintAsync);

    public static TheoryData<string, int> Examples => ConfigurationPageTests.Examples;

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_of_the_pages_is_valid(string page, int line) =>
        Assert.Equal("", await ErrorsAsync(Repository.Page(page).Blocks.Single(block => block.FirstLine == line).Text));

    [Theory]
    [InlineData("", "")]
    [InlineData("drain_timeout: 5s", "")]
    [InlineData("profiles: [{name: core, quantity: 2, tags: [role=core], requires: {memory: 64GiB}}]", "")]
    [InlineData("vars: {anything: [1, {a: b}]}", "")]
    [InlineData("auth: {legacy_clients: true}", "")]
    [InlineData("auth: {legacy_clients: [10.0.0.0/24, 10.0.1.5]}", "")]
    [InlineData("auth: {legacy_clients: [everyone]}", "auth.legacy_clients anyOf")]
    [InlineData("drain_timeot: 5s", " additionalProperties")]
    [InlineData("drain_timeout: soon", "drain_timeout pattern")]
    [InlineData("engine: dnsmask", "engine enum")]
    [InlineData("boot: {port: 70000}", "boot.port maximum")]
    [InlineData("api: {address: 10.0.0.256}", "api.address pattern")]
    [InlineData("git: {enabled: sometimes}", "git.enabled type")]
    [InlineData("profiles: [{quantity: 2}]", "profiles.0 required")]
    [InlineData("profiles: [{name: core, quantity: many}]", "profiles.0.quantity type")]
    [InlineData("profiles: {name: core}", "profiles type")]
    [InlineData("secrets: [{name: a, fil: /x}]", "secrets.0 additionalProperties")]
    [InlineData("kernel_arguments: console=ttyS0", "kernel_arguments type")]
    public async Task A_wrong_value_is_an_error_at_its_place(string more, string error) => Assert.Equal(error, await ErrorsAsync($"{Least}\n{more}"));

    [Theory]
    [InlineData("", "network required")]
    [InlineData("engine: external", "")]
    [InlineData("dhcp: {mode: proxy}", "")]
    public async Task What_is_required_depends_on_who_answers_DHCP(string more, string error) =>
        Assert.Equal(error, await ErrorsAsync($"{string.Join('\n', Least.Split('\n').Where(line => !line.Contains("bootstrap_range", StringComparison.Ordinal)))}\n{more}"));

    [Fact]
    public async Task Each_key_of_the_reference_is_in_it_with_its_text()
    {
        var schema = await SchemaAsync();
        var reader = ConfigurationReader.Open(file: null, OutsideValues.None);
        ConfigurationSchema.Bind(reader);
        Assert.All(reader.Keys, key =>
        {
            var at = schema;
            foreach (var word in key.Path.Split('.'))
            {
                at = at["properties"]![word.TrimEnd('[', ']')]!;
                at = word.EndsWith(']') ? at["items"]! : at;
            }

            Assert.StartsWith(key.Doc, (string)at["description"]!, StringComparison.Ordinal);
        });
    }

    private static async Task<JsonNode> SchemaAsync() => JsonNode.Parse(await Printed.Value)!;

    private static async Task<string> PrintAsync()
    {
        var said = await Programs.RunAsync(Programs.PathOf("mayu"), ["config", "schema"]);
        Assert.Equal((0, ""), (said.ExitCode, said.Errors));
        return said.Output;
    }

    private static async Task<string> ErrorsAsync(string configuration)
    {
        var folder = Directory.CreateTempSubdirectory("mayu-schema-");
        try
        {
            var (schema, value) = (Path.Combine(folder.FullName, "schema.json"), Path.Combine(folder.FullName, "value.json"));
            await File.WriteAllTextAsync(schema, (await SchemaAsync()).ToJsonString());
            await File.WriteAllTextAsync(value, NodeOf(YamlLoader.Load(configuration)!)!.ToJsonString());
            var said = await Programs.RunAsync("/usr/bin/python3", ["-c", Validator, schema, value]);
            Assert.Equal((0, ""), (said.ExitCode, said.Errors));
            return said.Output.TrimEnd('\n');
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonNode? NodeOf(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, NodeOf(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(NodeOf)]),
        YamlScalar scalar => CoreSchema.KindOf(scalar) switch
        {
            YamlKind.Null => null,
            YamlKind.Boolean => CoreSchema.Boolean(scalar.Text),
            YamlKind.Whole => long.Parse(scalar.Text, CultureInfo.InvariantCulture),
            YamlKind.Real => double.Parse(scalar.Text, CultureInfo.InvariantCulture),
            _ => scalar.Text,
        },
        _ => null,
    };
}
