using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Init;
using Mayu.Server.Preflight;

namespace Mayu.Server;

/// <summary><c>mayu init</c>: writes a first configuration for this host.</summary>
internal sealed class InitCommand
{
    private const string DefaultData = "/var/lib/mayu";
    private const string UsualImage = "lab-os";
    private const int LongestKeyFile = 16 * 1024;

    private readonly Option<string?> _config = new("--config", "-c") { Description = $"The file to write (default: $MAYU_CONFIG, else {ConfigurationSchema.DefaultFile})", HelpName = "FILE" };
    private readonly Option<string?> _interface = new("--interface") { Description = "The interface that the machines are on", HelpName = "NAME" };
    private readonly Option<string?> _address = new("--address") { Description = "This server's address on it", HelpName = "ADDRESS" };
    private readonly Option<string?> _range = new("--range") { Description = "The addresses of machines that are bootstrapping", HelpName = "START-END" };
    private readonly Option<string?> _internal = new("--internal-range") { Description = "The permanent addresses of machines", HelpName = "START-END" };
    private readonly Option<string?> _image = new("--image") { Description = "The image that machines install", HelpName = "NAME" };
    private readonly Option<string?> _key = new("--ssh-key") { Description = "File with the public key of who may log in to machines (default: ~/.ssh/id_*.pub)", HelpName = "FILE" };
    private readonly Option<string?> _data = new("--data-dir") { Description = $"The folder of everything that Mayu keeps (default: {DefaultData})", HelpName = "FOLDER" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Ask nothing: take what is proposed" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if it exists" };

    public static Command Build()
    {
        var command = new HelpPage("init", "Write a first configuration for this host", """
            Write a first configuration for this host. Mayu looks at the interfaces of
            this host, proposes values, and asks for each on a terminal. Ranges are
            proposed in the subnet of the interface, without the addresses of this
            server, its router and its name servers. DHCP gives out addresses only
            while no other DHCP server answers (dhcp.mode: auto).

            Examples:
              mayu init
              mayu init --interface eth1 --yes
              mayu init --config ./config.yaml --interface eth1 --address 10.0.0.1 --yes

            Exit codes:
              0  written, and `mayu config check --config-only` takes it
              2  nothing was written: the reason is on standard error
            """);
        var init = new InitCommand();
        Option[] all = [init._config, init._interface, init._address, init._range, init._internal, init._image, init._key, init._data, init._yes, init._force];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }

        command.SetAction(init.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var (console, file) = (parsed.InvocationConfiguration, parsed.GetValue(_config) ?? Environment.GetEnvironmentVariable("MAYU_CONFIG") ?? ConfigurationSchema.DefaultFile);
        try
        {
            if (File.Exists(file) && !parsed.GetValue(_force))
            {
                throw new InitException($"{file} exists; name another file with --config, or replace it with --force");
            }

            var yes = parsed.GetValue(_yes);
            if (!yes && (Console.IsInputRedirected || Console.IsOutputRedirected))
            {
                throw new InitException("this is not a terminal, so nobody can be asked; use --yes to take what is proposed");
            }

            var text = Answers(parsed, new Questions(Console.In, console.Output, asks: !yes), HostInterface.All()).ToYaml();
            var reader = ConfigurationReader.Read(file, text, OutsideValues.None);
            if (ConfigurationSchema.Bind(reader) is not { } configuration)
            {
                throw new InitException(string.Join("\nmayu: ", reader.Problems.Select(problem => $"{problem.Key}: {problem.Message}")));
            }

            if (ConfigurationFile.TryWrite(file, text, parsed.GetValue(_force)) is { } refusal)
            {
                throw new InitException(refusal);
            }

            console.Output.WriteLine($"{file}: written");
            foreach (var need in new MachineNeeds(configuration, records: null).Missing())
            {
                ServeCommand.PrintLine(console.Error, $"mayu: still to do: {need.Key}: {need.Problem}");
            }

            console.Output.WriteLine($"Check it with: mayu config check --config {file}");
            return ExitCode.Ok;
        }
        catch (InitException e)
        {
            ServeCommand.PrintLine(console.Error, $"mayu: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private InitAnswers Answers(ParseResult parsed, Questions questions, ImmutableArray<HostInterface> host)
    {
        string? Given(Option<string?> option) => parsed.GetValue(option);
        var names = string.Join(", ", host.Select(one => one.Name));
        if (host.IsEmpty)
        {
            throw new InitException("no interface of this host is up and has an IPv4 address: ip address add 10.0.0.1/24 dev eth1, then ip link set eth1 up");
        }

        bool IsHere(string text, [MaybeNullWhen(false)] out HostInterface found, out string problem)
        {
            found = host.FirstOrDefault(one => one.Name == text);
            problem = $"is not an interface that is up and has an IPv4 address; there are: {names}";
            return found is not null;
        }

        var nic = questions.Ask<HostInterface>($"Interface of the machines ({names})", "--interface", Given(_interface), host is [var only] ? only.Name : null, IsHere);
        bool IsItsOwn(string text, out (Ipv4 Address, Ipv4Subnet Subnet) found, out string problem)
        {
            found = nic.Addresses.FirstOrDefault(one => one.Address.ToString() == text);
            problem = $"is not an address of {nic.Name}; it has: {string.Join(", ", nic.Addresses.Select(one => one.Address))}";
            return found.Subnet is not null;
        }

        var (address, subnet) = questions.Ask<(Ipv4, Ipv4Subnet)>("Address of this server", "--address", Given(_address), nic.Addresses[0].Address.ToString(), IsItsOwn);
        Ipv4? router = nic.Routers.Where(subnet.Contains).Select(one => (Ipv4?)one).FirstOrDefault();
        var taken = nic.Addresses.Select(one => one.Address).Concat(nic.Routers).Concat(nic.NameServers).Select(one => new Ipv4Range(one, one)).ToList();
        var given = Given(_internal) is { } known && Questions.Range(known, out var permanentRange, out _) ? permanentRange : null;
        var bootstrap = questions.Ask<Ipv4Range>(
            "Addresses of machines that are bootstrapping", "--range", Given(_range),
            FreeRanges.Bootstrap(FreeRanges.Longest(subnet, given is null ? taken : taken.Append(given)))?.ToString(), Questions.Range);
        var permanent = questions.Ask<Ipv4Range>(
            "Permanent addresses of machines", "--internal-range", Given(_internal), FreeRanges.Permanent(FreeRanges.Longest(subnet, taken.Append(bootstrap)))?.ToString(), Questions.Range);
        var data = Given(_data) is { } folder ? Path.GetFullPath(folder) : null;
        var image = questions.Ask<string>("Image that machines install", "--image", Given(_image), ImageIn(data ?? DefaultData), Parse.Name);
        return new InitAnswers(nic.Name, address, subnet, bootstrap, permanent, image)
        {
            Router = router,
            NameServers = nic.NameServers,
            SshKeys = KeysOf(Given(_key)),
            DataDirectory = data,
        };
    }

    // The only one that is there, apart from the one of unknown machines.
    private static string ImageIn(string data)
    {
        var folder = Path.Combine(data, "images");
        try
        {
            return Directory.Exists(folder) && Directory.GetDirectories(folder).Select(one => Path.GetFileName(one)!).Where(one => one != "discovery").ToList() is [var only] ? only : UsualImage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return UsualImage;
        }
    }

    private static ImmutableArray<string> KeysOf(string? file)
    {
        try
        {
            var ssh = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
            file ??= Directory.Exists(ssh) ? Directory.GetFiles(ssh, "id_*.pub").Order(StringComparer.Ordinal).FirstOrDefault() : null;
            if (file is null)
            {
                return [];
            }

            if (Mayu.Linux.Files.BoundedFile.TryReadText(file, LongestKeyFile, out var text) is { } tooLong)
            {
                throw new InitException($"--ssh-key {file}: {tooLong}");
            }

            ImmutableArray<string> keys = [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')];
            return keys.All(key => key.StartsWith("ssh-", StringComparison.Ordinal) || key.StartsWith("ecdsa-", StringComparison.Ordinal) || key.StartsWith("sk-", StringComparison.Ordinal))
                ? keys
                : throw new InitException($"--ssh-key {file}: it is not a file of public SSH keys (lines like ssh-ed25519 AAAA…)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InitException($"--ssh-key {file}: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Reason())}");
        }
    }
}
