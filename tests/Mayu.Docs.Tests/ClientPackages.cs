namespace Mayu.Docs.Tests;

/// <summary>The packages of `Mayu.Client` and of what it needs, made once for all tests that look at them.</summary>
public sealed class ClientPackages : IAsyncLifetime
{
    /// <summary>A folder for the tests' files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-package-").FullName;

    /// <summary>The folder of the packages.</summary>
    public string Packages => Path.Combine(Folder, "packages");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        foreach (var project in new[] { "Mayu.Primitives", "Mayu.Client" })
        {
            // As it was built with these tests.
            await DotnetAsync("pack", Path.Combine(Repository.Root, "src", project), "--no-build", "--configuration", configuration, "--output", Packages);
        }
    }

    /// <summary>Runs a command of the SDK, which must succeed.</summary>
    public async Task DotnetAsync(params string[] arguments)
    {
        var said = await Programs.RunAsync(
            "dotnet", [.. arguments, "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"], Folder, environment: new Dictionary<string, string> { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1" });
        Assert.True(said.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {said.ExitCode}\n{said.Output}{said.Errors}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
