using System.CommandLine;

namespace Mayu.Server.Tests;

/// <summary>The options by which every command finds its configuration.</summary>
public sealed class ConfigurationOptionsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_file_that_is_named_is_read_and_what_is_set_stands_before_it()
    {
        File.WriteAllText(_file, "engine: builtin\nx: file\n");
        var (parsed, options) = Parse("--config", _file, "--set", "engine=external", "--set", "network.domain=a=b", "--set", "x=");

        Assert.Empty(parsed.Errors);
        var reader = options.Read(parsed);
        Assert.Equal(_file, reader.File);
        Assert.Equal(("external", "a=b", ""), (reader.Outside.Find("engine")?.Value, reader.Outside.Find("network.domain")?.Value, reader.Outside.Find("x")?.Value));
    }

    [Theory]
    [InlineData("engine", false)]
    [InlineData("=external", false)]
    [InlineData("x=1", true)]
    [InlineData("engine=", true)]
    public void What_is_set_has_a_key_and_a_value(string pair, bool isTaken)
    {
        var (parsed, _) = Parse("--set", "a=b", "--set", pair);

        Assert.Equal(isTaken ? [] : [$"--set {pair}: write it as KEY=VALUE, for example --set network.interface=eth1"], parsed.Errors.Select(error => error.Message));
    }

    private static (ParseResult Parsed, ConfigurationOptions Options) Parse(params string[] arguments)
    {
        var (command, options) = (new Command("check"), new ConfigurationOptions());
        options.AddTo(command);
        return (command.Parse(arguments), options);
    }
}
