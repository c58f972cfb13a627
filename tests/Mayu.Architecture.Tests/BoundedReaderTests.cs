namespace Mayu.Architecture.Tests;

/// <summary>Whatever is read as a whole is read by one of a few readers that keep a limit; nothing else under <c>src/</c> opens a way around them.</summary>
public class BoundedReaderTests
{
    private static readonly string[] YamlReaders = ["YamlStream", "new Parser(", "new Scanner(", "DeserializerBuilder", "YamlDotNet.Serialization"];

    private static readonly string[] JsonReaders =
    [
        "JsonDocument.Parse", "JsonDocument.TryParse", "JsonNode.Parse", "JsonObject.Parse", "JsonArray.Parse", "JsonElement.Parse", "JsonElement.TryParse",
        "JsonSerializer.Deserialize", "Utf8JsonReader", "FromJsonAsync", "ReadFromJson",
    ];

    private static readonly string[] WholeReaders =
    [
        "File.ReadAll", "File.ReadLines", "File.OpenText", "new StreamReader(", "ReadToEnd", "ReadAsByteArray", "ReadAsString", "GetByteArrayAsync", "GetStringAsync",
    ];

    [Fact]
    public void Yaml_is_read_in_few_places() => Assert.Equal(
        [
            "src/Mayu.Core/Yaml/YamlLoader.cs",
            // Event by event: maps of maps of words, three levels deep, and no alias. mayuctl knows nothing of the core.
            "src/Mayu.Ctl/Contexts/ContextFileText.cs",
        ],
        Repository.SourcesWith("src", YamlReaders));

    [Fact]
    public void Json_is_read_within_a_limit() => Assert.Equal(
        [
            // What an answer may have, and an event.
            "src/Mayu.Client/AnswerJson.cs",
            // What is kept on a disk.
            "src/Mayu.Core/Json/BoundedJson.cs",
            "src/Mayu.Server/Auth/ApiTokens.cs",
            // A config that this server has just made.
            "src/Mayu.Server/BootScripts/PointerInitrds.cs",
            // What a request may have: its listener ends it, see below.
            "src/Mayu.Server/Http/JsonBody.cs",
        ],
        Repository.SourcesWith("src", JsonReaders));

    [Fact]
    public void Files_and_streams_are_read_as_a_whole_within_a_limit() => Assert.Equal(
        [
            // The answer's buffer is bounded where the client is made.
            "src/Mayu.Client/ApiSender.cs",
            // A buffer of the longest token.
            "src/Mayu.Client/OperatorToken.cs",
            // A buffer of the longest URL.
            "src/Mayu.Client/ServerUrlFile.cs",
            // A buffer of the longest file.
            "src/Mayu.Ctl/Contexts/ContextFile.cs",
            // Lines that a person types, and at most so much of the standard input as a request may have.
            "src/Mayu.Ctl/Output/CtlConsole.cs",
            // A buffer of the longest file.
            "src/Mayu.Ctl/Report/HostEnvironment.cs",
            // The kernel's tables of sockets.
            "src/Mayu.Ctl/Report/ListeningPorts.cs",
            // What programs of the system say that we started: `ip`, `dnsmasq --test`, `git`. They are ended after a time.
            "src/Mayu.Ctl/Simulate/BootNetwork.cs",
            "src/Mayu.Netboot/Dnsmasq/DnsmasqProgram.cs",
            // What the build put into the program.
            "src/Mayu.Server/Api/Description/ContractTexts.cs",
            "src/Mayu.Storage/Git/GitChild.cs",
        ],
        Repository.SourcesWith("src", WholeReaders));

    [Fact]
    public void What_these_readers_rely_on_is_there()
    {
        Assert.Equal(["src/Mayu.Server/Http/HttpLimits.cs"], Repository.SourcesWith("src", "limits.MaxRequestBodySize = MaxBody"));
        Assert.Equal(
            ["src/Mayu.Server/Api/ApiListener.cs", "src/Mayu.Server/BootHttp/BootListener.cs"], Repository.SourcesWith("src", "HttpLimits.Set(kestrel"));
        Assert.Equal(["src/Mayu.Client/ApiSender.cs"], Repository.SourcesWith("src", "MaxResponseContentBufferSize = MayuClient.MaxAnswerLength"));
    }

    // The serializer's own 64 levels hold for all that these contexts read.
    [Fact]
    public void No_context_of_the_serializer_reads_deeper_than_it_does_by_itself() => Assert.Empty(Repository.SourcesWith("src/Mayu.Client", "MaxDepth"));

    [Fact]
    public void Every_reader_of_a_whole_has_a_target_for_the_fuzzer()
    {
        var targets = string.Concat(Repository.Sources("tests/Fuzz").Select(File.ReadAllText));
        foreach (var reader in new[]
        {
            "ConfigurationReader.Read(", "TemplateRenderer(", "RenderedYaml.Ignition(", "RenderedYaml.CloudConfig(", "RecordCodec.Read(", "PinsCodec.Read(", "FieldChanges.Between(",
            "FactsReading.TryRead(", "ServerAnswers.Describe(", "EventReader<Contracts.BootEvent>(", "HttpAnswerReader(", "ImageManifest", "LeaseLine.TryRead(", "DnsmasqReading(", "IpxeInterpreter(",
            "GrubInterpreter(", "PxelinuxInterpreter.Run(", "ContextFileText.Read(",
        })
        {
            Assert.Contains(reader, targets, StringComparison.Ordinal);
        }
    }

    // A request that is bound to a type is read by a target that knows the type.
    [Fact]
    public void Every_type_of_a_request_has_a_target_for_the_fuzzer()
    {
        const string Bound = "JsonBody<Contracts.";
        var targets = string.Concat(Repository.Sources("tests/Fuzz").Select(File.ReadAllText));
        var types = Repository.Sources("src/Mayu.Server").SelectMany(file => File.ReadAllText(file).Split(Bound).Skip(1))
            .Select(rest => rest.Split('>')[0]).Distinct().ToList();
        Assert.True(types.Count >= 10, string.Join(", ", types));
        Assert.All(types, type => Assert.Contains($".{type})", targets, StringComparison.Ordinal));
    }
}
