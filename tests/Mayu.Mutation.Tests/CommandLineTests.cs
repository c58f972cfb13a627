namespace Mayu.Mutation.Tests;

/// <summary>A wrong command line ends with 2 before anything is copied or built.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("--projects", "Nonsense")]
    [InlineData("--projects", "Core,Nonsense")]
    [InlineData("--tests", "Nonsense")]
    [InlineData("--mutants", "0")]
    [InlineData("--at-least", "101")]
    [InlineData("--jobs", "3")]
    [InlineData("-o", "xml")]
    [InlineData("--fast")]
    public async Task A_wrong_command_line_ends_with_2(params string[] arguments) =>
        Assert.Equal(2, await MutationCommand.RunAsync(["--root", TinyRepository.Root, .. arguments], TestContext.Current.CancellationToken));
}
