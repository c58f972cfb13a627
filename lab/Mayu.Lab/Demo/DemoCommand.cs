using System.CommandLine;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;
using Spectre.Console;

namespace Mayu.Lab.Demo;

/// <summary><c>mayu-lab demo</c>: its options and how it begins and ends.</summary>
internal static class DemoCommand
{
    private const int Interrupted = 130;

    public static Command Create()
    {
        var root = FindRoot();
        var machines = Number("--machines", "How many machines", usual: 3, most: DemoOptions.MostMachines);
        var firmware = Choice<FirmwareMix>("--firmware", "Their firmware: bios, uefi, or mixed (every third is UEFI).");
        var engine = Choice<LabEngine>("--engine", "What answers DHCP and TFTP: builtin, dnsmasq (run by mayu), or external (the rack's own dnsmasq).");
        var once = new Option<bool>("--once") { Description = "Exit when done; exit 0 only if all machines run." };
        var keep = new Option<bool>("--keep") { Description = "Keep disks, logs and the cluster directory." };
        var timeout = Number("--timeout", "Seconds within which all machines must run", usual: 600, most: 86400);
        var work = new Option<string>("--work") { Description = "Folder for the runs.", DefaultValueFactory = _ => Path.Combine(root, ".demo") };
        var native = Path.Combine(root, "artifacts", "publish");
        var mayu = new Option<string>("--mayu") { Description = "The program mayu.", DefaultValueFactory = _ => Path.Combine(native, "Mayu.Server", "release_linux-x64", "mayu") };
        var mayuctl = new Option<string>("--mayuctl") { Description = "The program mayuctl.", DefaultValueFactory = _ => Path.Combine(native, "Mayu.Ctl", "release_linux-x64", "mayuctl") };
        var infoPusher = new Option<string>("--infopusher") { Description = "The static program infopusher.", DefaultValueFactory = _ => Path.Combine(native, "Mayu.InfoPusher", "release_linux-x64", "infopusher") };
        var images = new Option<string>("--images") { Description = "Folder of the images.", DefaultValueFactory = _ => Path.Combine(root, "lab", ".cache", "images") };

        var command = new Command("demo", "Boots a rack of empty virtual machines until all of them run.")
        {
            machines, firmware, engine, once, keep, timeout, work, mayu, mayuctl, infoPusher, images,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new DemoOptions
            {
                Machines = parsed.GetValue(machines),
                Firmware = parsed.GetValue(firmware),
                Engine = parsed.GetValue(engine),
                Once = parsed.GetValue(once),
                Keep = parsed.GetValue(keep),
                Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                WorkFolder = parsed.GetValue(work)!,
                Mayu = parsed.GetValue(mayu)!,
                Mayuctl = parsed.GetValue(mayuctl)!,
                InfoPusher = parsed.GetValue(infoPusher)!,
                Images = parsed.GetValue(images)!,
            },
            cancellation));
        return command;
    }

    private static Option<int> Number(string name, string description, int usual, int most)
    {
        var option = new Option<int>(name) { Description = $"{description}, 1 to {most}.", DefaultValueFactory = _ => usual, HelpName = "N" };
        option.CustomParser = result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number >= 1 && number <= most)
            {
                return number;
            }

            result.AddError($"{name} must be a number from 1 to {most}, not '{string.Join(' ', result.Tokens)}'");
            return usual;
        };
        return option;
    }

    private static Option<T> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(one => one.ToLowerInvariant()).ToArray();
        return new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                if (result.Tokens is [{ Value: var text }] && names.Contains(text, StringComparer.Ordinal))
                {
                    return Enum.Parse<T>(text, ignoreCase: true);
                }

                result.AddError($"{name} must be {string.Join(", ", names[..^1])} or {names[^1]}, not '{string.Join(' ', result.Tokens)}'");
                return default;
            },
        };
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellation)
    {
        int? width = Console.IsOutputRedirected ? null : AnsiConsole.Profile.Width;
        IRackView view = AnsiConsole.Profile.Capabilities.Interactive && width is not null
            ? new TableView(AnsiConsole.Console)
            : new LineView(Console.Out, [], width);
        try
        {
            RackNeeds.Check();
            return await new DemoRun(options, view, Console.Out, width).RunAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Out.WriteLineAsync("Interrupted: everything was removed.");
            return Interrupted;
        }
        catch (LabException failure)
        {
            await Console.Error.WriteLineAsync("mayu-lab: error: " + failure.Message);
            return 1;
        }
        finally
        {
            DemoFolders.Tidy(options);
        }
    }

    /// <summary>The clone this program was built in: the nearest folder above it with the solution; else the current one.</summary>
    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mayu.slnx")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }
}
