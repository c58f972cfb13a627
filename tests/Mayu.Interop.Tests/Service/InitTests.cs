using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Service;

/// <summary>`mayu init` writes a configuration that works on the host where it was run; so does `mayu config import`.</summary>
public sealed class InitTests
{
    [Fact]
    public async Task A_server_becomes_ready_with_what_init_wrote_and_init_replaces_nothing()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("i");
        await TestNetwork.AddBridgeAsync(host, "br0", "10.98.0.1/24");
        await TestNetwork.AddBridgeAsync(host, "br1", "10.97.0.1/24");
        using var folder = new TemporaryFolder();
        var (config, data, key) = (Path.Combine(folder.Path, "etc", "config.yaml"), Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "key.pub"));
        await File.WriteAllTextAsync(key, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@here\n", TestContext.Current.CancellationToken);
        string[] init = [Programs.Mayu, "init", "--config", config, "--data-dir", data, "--ssh-key", key];

        var (exitCode, output) = await TestNetwork.TryAsync(host, init);
        Assert.Equal(2, exitCode);
        Assert.Contains("not a terminal", output, StringComparison.Ordinal);
        (exitCode, output) = await TestNetwork.TryAsync(host, [.. init, "--yes"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("Interface of the machines (br0, br1): nothing can be proposed here; set --interface", output, StringComparison.Ordinal);
        Assert.False(File.Exists(config));

        await TestNetwork.RunAsync(host, [.. init, "--yes", "--interface", "br0"]);
        var written = await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken);
        Assert.Contains("bootstrap_range: {start: 10.98.0.155, end: 10.98.0.254}", written, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(config));
        await TestNetwork.RunAsync(host, Programs.Mayu, "config", "check", "--config-only", "--config", config);
        (exitCode, output) = await TestNetwork.TryAsync(host, [.. init, "--yes", "--interface", "br1"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("exists", output, StringComparison.Ordinal);
        Assert.Equal(written, await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken));

        await using (await RunningProgram.StartAsync(host, ": ready", Programs.Mayu, "serve", "--config", config))
        {
        }

        await TestNetwork.RunAsync(host, [.. init, "--yes", "--interface", "br1", "--range", "10.97.0.20-10.97.0.29", "--force"]);
        Assert.Contains("bootstrap_range: {start: 10.97.0.20, end: 10.97.0.29}", await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_import_wrote_passes_the_check()
    {
        using var folder = new TemporaryFolder();
        var (old, config) = (Path.Combine(folder.Path, "old.yaml"), Path.Combine(folder.Path, "config.yaml"));
        await File.WriteAllTextAsync(old, """
            default_flatcar_version: 2905.2.0
            network:
              bind_addr: 10.0.5.3
              pxe:
                enabled: true
                pxe_interface: { interface_name: eth2, ip_range: { start: 10.0.5.200, end: 10.0.5.250 }, subnet_size: 24 }
              primary_nic: { ip_range: { start: 10.0.5.31, end: 10.0.5.70 } }
            no_such_key: 1
            """, TestContext.Current.CancellationToken);
        var (exitCode, output) = await ProgramRun.ToEndAsync(Programs.Mayu, "config", "import", old, "--output", config);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"{old}:8: no_such_key: not carried over: this version has no such setting", output, StringComparison.Ordinal);
        await ProgramRun.OrFailAsync(Programs.Mayu, "config", "check", "--config-only", "--config", config);
        (exitCode, output) = await ProgramRun.ToEndAsync(Programs.Mayu, "config", "import", old, "--output", config);
        Assert.Equal(2, exitCode);
        Assert.Contains("exists", output, StringComparison.Ordinal);
    }
}
