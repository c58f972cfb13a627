namespace Mayu.InfoPusher.CommandLine;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    /// <summary>The program's help: all of it, it fits on a screen.</summary>
    public const string Text = """
        infopusher collects what this machine is and gets its provisioning config for it.

        Usage:
          infopusher show
              print the facts as JSON: DMI, network interfaces, disks, processors, memory
          infopusher serial --url URL [--timeout S]
              ask Mayu what this machine is called, and print it
          infopusher push --url URL [options]
              send the facts to Mayu, and print the provisioning config it answers
          infopusher --version | --help

        Options of push:
          --url URL             where to: http:// and an IP address (a static program cannot look names up)
          --serial SERIAL       what the machine calls itself; refused where its hardware says otherwise
          --output FILE         write the config there (mode 0600, all of it or nothing) and not to stdout
          --serial-output FILE  write there what the server calls the machine
          --timeout S           seconds for each try, 1 to 3600 (default 30)
          --retries N           further tries when the server cannot be reached or fails, 0 to 1000 (default 10)

        The server says what a machine is called (its configuration's key identity): by default its DMI
        product serial; where a vendor left that empty or a placeholder, its DMI UUID; else the MAC address
        that it booted from.

        Examples:
          infopusher show
          infopusher serial --url http://10.0.0.1:4081/serial
          infopusher push --url http://10.0.0.1:4081/provisioning-config --output /tmp/config.ign

        Exit codes:
          0  done                                  3  the server could not be reached, or failed, at every try
          1  the server refused (it says why)      4  the config could not be written
          2  the command line is wrong             130  interrupted

        """;
}
