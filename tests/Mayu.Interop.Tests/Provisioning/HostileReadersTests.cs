using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Hostile;
using Mayu.Core.Tests.Provisioning;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Provisioning;

/// <summary>Configs with hostile values, read by what reads them on a machine: PyYAML, libyaml, Python's word rules and a shell.</summary>
public sealed class HostileReadersTests : IDisposable
{
    private const string Mark = "benign-0";
    private const int Seed = 12;

    // Reads a list of texts, and writes what each is, as JSON. What it cannot read, or what cannot be written again, is told in its place.
    private const string Python = """
        import json, shlex, sys, yaml
        def words(text):
            return [shlex.split(line, comments=True) for line in text.splitlines()]
        readers = {
            "PyYAML": lambda text: yaml.load(text, Loader=yaml.SafeLoader),
            "libyaml": lambda text: yaml.load(text, Loader=yaml.CSafeLoader),
            "kickstart": words,
        }
        results = []
        for text in json.load(open(sys.argv[2], encoding="utf-8")):
            try:
                result = json.dumps(readers[sys.argv[1]](text), ensure_ascii=False)
                result.encode("utf-8")
            except Exception as e:
                result = "!" + ascii(e)
            results.append(result)
        json.dump(results, open(sys.argv[3], "w", encoding="utf-8"))
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-it-hostile-").FullName;

    [Theory]
    [InlineData("PyYAML")]
    [InlineData("libyaml")]
    public async Task User_data_is_the_benign_one_apart_from_the_value(string reader) => await CheckAsync(
        reader, 1000, input => ExampleText.Of(input.Variables).Config(input.Machine, ExampleText.Profile with { Provisioning = ProvisioningKind.CloudInit }, image: null).Text);

    [Fact]
    public async Task The_example_for_Talos_is_the_benign_one_apart_from_the_value() =>
        await CheckAsync("libyaml", 1000, input => ExampleText.Render("talos.yaml", input.Machine, input.Variables));

    [Fact]
    public async Task A_kickstart_file_is_the_benign_one_apart_from_the_value() =>
        await CheckAsync("kickstart", 300, input => ExampleText.Render("kickstart.ks", input.Machine, input.Variables));

    [Fact]
    public async Task A_shell_reads_the_serial_of_the_first_stage_script_as_it_is()
    {
        var serials = HostileValues.Of(Seed, 3000).Select(value => HostilePlace.All[0].With(value)).OfType<HostileInput>().Take(500).ToList();
        Assert.Equal(500, serials.Count);
        // Its assignments alone: what comes after them installs a machine.
        var text = string.Concat(serials.Select(input =>
        {
            var script = ExampleText.Of(input.Variables).FirstStageScript(input.Machine.Serial);
            return string.Join('\n', script.Split('\n').Where(line => line.StartsWith("SERIAL", StringComparison.Ordinal)).Take(2)) + "\nprintf '%s %s\\n' \"$SERIAL\" \"$SERIAL_WORD\"\n";
        }));
        var file = Path.Combine(_directory, "serials.sh");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        Assert.Equal(string.Concat(serials.Select(input => $"{input.Value} {Uri.EscapeDataString(input.Value)}\n")), await ProgramRun.OrFailAsync("sh", file));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task CheckAsync(string reader, int count, Func<HostileInput, string> render)
    {
        var places = HostilePlace.All;
        var texts = new List<(string Place, string Shown, HostileInput Input, string Text)>();
        texts.AddRange(places.Select(place => (place.Name, "", place.With(Mark)!, render(place.With(Mark)!))));
        var at = 0;
        foreach (var value in HostileValues.Of(Seed, count))
        {
            var place = places[at++ % places.Length];
            try
            {
                if (place.With(value) is { } input)
                {
                    texts.Add((place.Name, $"value {at - 1} of seed {Seed}, {HostileValues.Shown(value)}", input, render(input)));
                }
            }
            catch (TemplateException)
            {
                // Refused.
            }
        }

        Assert.True(texts.Count > count / 4, $"only {texts.Count} of {count} values were taken");
        var read = await ReadAsync(reader, [.. texts.Select(text => text.Text)]);
        var benign = places.Select((place, i) => (place.Name, Tree: Tree(read[i], place.Name))).ToDictionary(one => one.Name, one => one.Tree, StringComparer.Ordinal);
        foreach (var ((place, shown, input, _), result) in texts.Zip(read).Skip(places.Length))
        {
            var fault = DocumentTree.Difference(benign[place], Mark, Tree(result, $"{place}, {shown}"), input.Value);
            Assert.True(fault is null, $"{reader}, {place}, {shown}: {fault}");
        }

        List<Leaf> Tree(string result, string what) => result.StartsWith('!') ? throw new InvalidOperationException($"{reader}, {what}: {result}") : DocumentTree.OfJson(result);
    }

    private async Task<List<string>> ReadAsync(string reader, List<string> texts)
    {
        var (script, given, made) = (Path.Combine(_directory, "read.py"), Path.Combine(_directory, "texts.json"), Path.Combine(_directory, "read.json"));
        await File.WriteAllTextAsync(script, Python, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(given, JsonSerializer.Serialize(texts), TestContext.Current.CancellationToken);
        await ProgramRun.OrFailAsync("python3", script, reader, given, made);
        return [.. JsonNode.Parse(await File.ReadAllTextAsync(made, TestContext.Current.CancellationToken))!.AsArray().Select(one => (string)one!)];
    }
}
