using Mayu.Server;
using Mayu.Server.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Hostile.Tests;

/// <summary>The whole program on loopback, as <c>mayu serve</c> starts it, in a folder that it finds again.</summary>
internal sealed class WholeServer : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-hostile-").FullName;

    public string Cluster => Path.Combine(Folder, "cluster");

    public string Keys => Path.Combine(Folder, "keys");

    /// <summary>Starts it.</summary>
    /// <param name="isNewCluster">Whether it is told that a new cluster is meant.</param>
    /// <param name="hasHistory">Whether the cluster directory is a git repository.</param>
    /// <param name="clock">The time; null: the system's.</param>
    /// <param name="loggers">The log; null: none.</param>
    public async Task<MayuServer> StartAsync(bool isNewCluster = false, bool hasHistory = true, TimeProvider? clock = null, ILoggerFactory? loggers = null)
    {
        var file = Path.Combine(Folder, "config.yaml");
        await File.WriteAllTextAsync(file, $$"""
            engine: external
            network:
              address: 127.0.0.1
              subnet: 127.0.0.0/24
              internal_range: {start: 127.0.0.10, end: 127.0.0.12}
            api: {address: 127.0.0.1}
            git: {enabled: {{(hasHistory ? "true" : "false")}}}
            data_dir: {{Folder}}
            defaults: {image: os}
            profiles: [{name: core, quantity: 2}]
            """);
        var reader = ConfigurationReader.Open(file, OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader) ?? throw new InvalidOperationException(string.Join('\n', reader.Problems));
        return await MayuServer.StartAsync(
            configuration with { Netboot = configuration.Netboot with { BootPort = 0 }, ApiPort = 0, BeginsNewCluster = isNewCluster },
            reader, loggers ?? NullLoggerFactory.Instance, clock ?? TimeProvider.System, Server.Service.ServiceManager.None, TestContext.Current.CancellationToken);
    }

    /// <summary>Starts and stops it.</summary>
    public async Task RunAsync(bool isNewCluster = false, bool hasHistory = true)
    {
        await using var server = await StartAsync(isNewCluster, hasHistory);
    }

    /// <summary>Starts it, and demands that it does not.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> RefusedAsync(bool hasHistory = true) =>
        (await Assert.ThrowsAsync<StartException>(() => StartAsync(hasHistory: hasHistory))).Message;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
