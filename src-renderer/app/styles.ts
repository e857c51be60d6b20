import '@mantine/core/styles.css';
import './fonts.css';
import './app.css';
import './top-bar.css';
import './shell.css';
