using System.CommandLine;

namespace Mayu.Server.Tests;

public sealed class WrongCommandLineTests
{
    [Theory]
    [InlineData("sevre", """mayu: "sevre" is not a command of mayu; did you mean "serve"?|Try 'mayu --help'.""")]
    [InlineData("config chekc", """mayu: "chekc" is not a command of mayu config; did you mean "check"?|Try 'mayu config --help'.""")]
    [InlineData("config", "mayu: mayu config needs a command: check, show, import, schema, reference|Try 'mayu config --help'.")]
    [InlineData("serve --confgi x", """mayu: "--confgi" is not an option of mayu serve; did you mean "--config"?|mayu: "x" is not an argument of mayu serve|Try 'mayu serve --help'.""")]
    [InlineData("serve --set x", "mayu: --set x: write it as KEY=VALUE, for example --set network.interface=eth1|Try 'mayu serve --help'.")]
    public void A_mistake_is_one_sentence_with_the_help_of_its_command(string line, string expected)
    {
        var root = new RootCommand { ServeCommand.Build(), ConfigCommand.Build() };

        Assert.Equal(expected, string.Join('|', WrongCommandLine.Describe(root.Parse(line.Split(' ')))));
    }
}
