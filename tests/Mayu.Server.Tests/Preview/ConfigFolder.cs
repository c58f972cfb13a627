using System.CommandLine;
using System.Text;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Preview;

/// <summary>A configuration with templates and known machines on the disk, and no server.</summary>
internal sealed class ConfigFolder : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-preview-").FullName;

    public string ConfigFile => Path.Combine(Folder, "config.yaml");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Writes the configuration: a profile <c>core</c> with a generic template <c>node.txt</c>.</summary>
    public void Configure(string more = "")
    {
        Directory.CreateDirectory(Path.Combine(Folder, "templates"));
        Write("images/discovery/vmlinuz", "k");
        Write("images/discovery/initrd.cpio.gz", "i");
        Write("images/os/install_image.bin.gz", "d");
        Write("images/os/image.json", $$$"""{"version":"1.0","disk":{"file":"install_image.bin.gz","size":1048576,"sha256":"{{{new string('a', 64)}}}"}}""");
        Write("config.yaml", $$"""
            network:
              interface: eth1
              address: 10.0.0.1
              subnet: 10.0.0.0/16
              bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
              internal_range: {start: 10.0.1.0, end: 10.0.99.255}
            data_dir: {{Folder}}
            templates_dir: {{Folder}}/templates
            defaults: {image: os}
            profiles: [{name: core, quantity: 20000, provisioning: generic, template: node.txt}]
            {{more}}

            """);
    }

    public void AddMachine(string serial, string profile = "core", string state = "running", string overrides = "{}") =>
        Write($"cluster/{serial}/conf.json", $$"""{"Serial":"{{serial}}","State":"{{state}}","Profile":"{{profile}}","Overrides":{{overrides}}}""");

    public MayuConfiguration Bind()
    {
        var reader = ConfigurationReader.Open(ConfigFile, OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader);
        Assert.Empty(reader.Problems);
        return configuration!;
    }

    /// <summary>Runs a command of the program.</summary>
    public (int ExitCode, string Output, string Errors) Run(Command command, params string[] words)
    {
        var (output, errors) = (new StringWriter(new StringBuilder()), new StringWriter(new StringBuilder()));
        var code = command.Parse([.. words, "--config", ConfigFile]).Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString(), errors.ToString());
    }
}
